"""`python -m yishang_crm` is the command `yishang`."""

from yishang_crm.cli import main

main()
