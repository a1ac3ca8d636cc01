"""Languages: sentences are Chinese at the source; catalogs give traditional Chinese and English."""

from collections.abc import Iterable

LANGUAGES = ("zh_Hans", "zh_Hant", "en")
HTML_LANG = {"zh_Hans": "zh-Hans", "zh_Hant": "zh-Hant", "en": "en"}


def N_(sentence: str) -> str:
    """Mark a sentence for the catalogs; it is translated where it is shown."""
    return sentence


def language_for(accepted: Iterable[str]) -> str:
    """The best of our languages for `Accept-Language` tags, best first; simplified Chinese if none fits."""
    for tag in (each.lower().replace("_", "-") for each in accepted):
        if tag.startswith("en"):
            return "en"
        if tag.startswith("zh"):
            traditional = any(part in tag for part in ("hant", "-tw", "-hk", "-mo"))
            return "zh_Hant" if traditional else "zh_Hans"
    return "zh_Hans"
