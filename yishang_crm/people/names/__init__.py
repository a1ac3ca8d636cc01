"""Chinese names: surnames, readings, keys to compare by, and the order of strokes."""

from yishang_crm.people.names.keys import clean_name, is_han, script_could_differ, simplified_key
from yishang_crm.people.names.readings import display_pinyin, initials, pinyin_order, plain_pinyin, readings
from yishang_crm.people.names.strokes import stroke_order, surname_stroke_key
from yishang_crm.people.names.surnames import surname_of

__all__ = [
    "clean_name",
    "display_pinyin",
    "initials",
    "is_han",
    "pinyin_order",
    "plain_pinyin",
    "readings",
    "script_could_differ",
    "simplified_key",
    "stroke_order",
    "surname_of",
    "surname_stroke_key",
]
