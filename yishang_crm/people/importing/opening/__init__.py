"""From bytes to plain sheets: what the file really is, whether it is safe to read, and its cells."""

from yishang_crm.people.importing.opening.files import open_file
from yishang_crm.people.importing.opening.sheets import RawSheet

__all__ = ["RawSheet", "open_file"]
