"""A chip: a stretch of the line that was understood, as it is shown under it."""

import re
from dataclasses import dataclass
from enum import StrEnum


class ChipKind(StrEnum):
    PERSON = "person"
    UNCLEAR = "unclear"  # several people, or none, answer to it
    UNKNOWN = "unknown"  # reads like a name, but nobody has it
    CHANNEL = "channel"
    TAG = "tag"
    COLLEAGUE = "colleague"
    NEXT = "next"
    WHEN = "when"  # the day it happened, if not today


@dataclass(frozen=True)
class Chip:
    """`span` is in the sentence as typed; `kept` chips stay in the text, as they are part of its grammar."""

    kind: ChipKind
    label: str
    span: tuple[int, int]
    kept: bool = False


BOUNDARY = r"\s、，,;；:：。！!？?…\x00"
SEPARATORS = "、，,;；:： \t\u3000\r\n"
_EDGE = re.compile(f"[{BOUNDARY}]")


def masked(sentence: str, chips: list[Chip], *, but_kept: bool = False) -> str:
    """The sentence with what is understood already blanked out, position for position."""
    letters = list(sentence)
    for chip in chips:
        if chip.kept and but_kept:
            continue
        start, end = chip.span
        letters[start:end] = "\x00" * (end - start)
    return "".join(letters)


def stands_alone(words: str, start: int, end: int) -> bool:
    """Whether the stretch has a space, a stop, another chip or nothing on both sides."""
    before = start == 0 or _EDGE.match(words, start - 1)
    after = end >= len(words) or _EDGE.match(words, end)
    return bool(before and after)


def text_without(sentence: str, chips: list[Chip]) -> str:
    """What is left when chips that stand alone are taken out: everything else, in order."""
    spans = sorted(chip.span for chip in chips if not chip.kept)
    if not spans:
        return sentence.strip()
    text = ""
    at = 0
    for start, end in [*spans, (len(sentence), len(sentence))]:
        text = _joined(text, sentence[at:start])
        at = end
    return text.rstrip(SEPARATORS)


def _joined(text: str, piece: str) -> str:
    if not text or text[-1] in SEPARATORS + "。！？!?":
        return text + piece.lstrip(SEPARATORS)
    piece = piece.strip(" \t\u3000") if piece.strip() else ""
    if not piece or piece[0] in SEPARATORS + "。！？!?":
        return text + piece
    return f"{text} {piece}"
