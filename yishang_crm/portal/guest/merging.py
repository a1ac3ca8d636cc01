"""Two hands on one answer: the guest's phone and the liaison's page (S35).

Each part of the journey bears a mark of what stood when it was drawn. A part that the guest left as it was keeps what
somebody else wrote meanwhile; a part that both changed differently is asked about, and nothing is lost.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from yishang_crm.conference.models import Guest

# What is compared of each part. A delegate's phone never stands on the page, so a typed one is always new.
COMPARED = {
    "delegate": ("delegate_name", "delegate_title"),
    "travel": ("travel", "travel_number", "arrival_place", "arrives_at"),
    "nights": ("nights",),
    "companions": ("companions", "companion_names"),
    "diet": ("diet",),
}


@dataclass
class Merged:
    """What is to be kept and of which parts, and the parts that somebody else changed meanwhile."""

    kept: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    overtaken: list[str] = field(default_factory=list)


def marks(guest: Guest) -> dict[str, str]:
    """By part: the mark of what stands."""
    return {part: _mark(part, stored(guest, part)) for part in COMPARED}


def stored(guest: Guest, part: str) -> dict[str, Any]:
    return {name: getattr(guest, name) for name in COMPARED[part]}


def merged(guest: Guest, given: Mapping[str, Mapping[str, Any]], seen: Mapping[str, str]) -> Merged:
    """`given`: the values of each part that was sent; `seen`: its mark when the page was drawn, if the page said it."""
    found, standing = Merged(), marks(guest)
    for part, values in given.items():
        mine = _mark(
            part, stored(guest, part) | {name: values[name] for name in COMPARED[part] if name in values}
        )
        drawn = seen.get(part)  # a page that does not say is taken at its word
        has_phone = "delegate_phone" in values
        if drawn and mine == drawn and not has_phone:
            continue
        if drawn and standing[part] not in (drawn, mine):
            found.overtaken.append(part)
            continue
        found.kept.append(part)
        if mine != standing[part] or has_phone:
            found.values |= values
    return found


def told(marks_now: Mapping[str, str], parts: Iterable[str]) -> str:
    """For the page that saves as it goes: `nights=3f…,diet=9a…`."""
    return ",".join(f"{part}={marks_now[part]}" for part in parts)


def _mark(part: str, values: Mapping[str, Any]) -> str:
    said = json.dumps([str(values[name] or "") for name in COMPARED[part]], ensure_ascii=False)
    return hashlib.sha256(f"{part} {said}".encode()).hexdigest()[:12]
