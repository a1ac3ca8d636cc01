"""Catalogs: collect the sentences of the code and templates, bring the catalogs up to date, say what lacks.

`python tools/catalogs.py` updates `translations/*/LC_MESSAGES/messages.po`. Simplified Chinese is the source; English is
written by hand; traditional Chinese is proposed by OpenCC (s2twp: right for an interface, never used for names) where
nobody has written it yet, and stays as a person corrected it.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh_Hant", "en")
METHODS = [("yishang_crm/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "N_": None}


def collected() -> Catalog:
    """Every sentence in the code and the templates."""
    catalog = Catalog(project="yishang_crm", charset="utf-8")
    for place, line, message, comments, context in extract_from_dir(
        ROOT, METHODS, {"**": {"newstyle_gettext": "true"}}, keywords=KEYWORDS
    ):
        if message:
            catalog.add(message, None, [(place, line)], auto_comments=comments, context=context)
    return catalog


def main() -> int:
    lacking = 0
    for language in LANGUAGES:
        template = collected()  # anew: a catalog takes the very messages of its template
        path = ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = (
            read_po(io.BytesIO(path.read_bytes()), locale=language)
            if path.exists()
            else Catalog(language, project="yishang-crm")
        )
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        catalog.header_comment = "# 宜商通 · Yishang CRM: translations. Update with tools/catalogs.py."
        catalog.fuzzy = False
        if language == "zh_Hant":
            _propose_traditional(catalog)
        with path.open("wb") as file:
            write_po(file, catalog, width=120, omit_header=False, no_location=True, sort_output=True)
        empty = [message.id for message in catalog if message.id and not _is_said(message.string)]
        print(f"{language}: {len(catalog)} sentences, {len(empty)} lack a translation")
        for sentence in empty[:20]:
            print(f"  {sentence}")
        lacking += len(empty)
    return 1 if lacking else 0


def _propose_traditional(catalog: Catalog) -> None:
    from opencc import OpenCC

    convert = OpenCC("s2twp").convert
    for message in catalog:
        if message.id and not _is_said(message.string):
            message.string = (
                tuple(convert(one) for one in message.id)
                if isinstance(message.id, tuple)
                else convert(message.id)
            )


def _is_said(string: str | tuple[str, ...]) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


if __name__ == "__main__":
    sys.exit(main())
