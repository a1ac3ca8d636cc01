"""Who holds a post in a chamber of natives where they live: a few officers each, and its council."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

from yishang_crm.demo import words
from yishang_crm.people.actions.many import Newcomer
from yishang_crm.people.models import PersonState, Tier

# Who matters to the city is mostly known through a chamber.
SHARES = {Tier.A: 0.6, Tier.B: 0.3, Tier.C: 0.06}
# Posts that the demo's own ambassador and secretary hold (`network.py`).
_TAKEN = {("东莞市安庆商会", "常务副会长"), ("上海安庆商会", "秘书长")}


def posts(people: Sequence[Newcomer], chance: random.Random) -> dict[int, tuple[str, str]]:
    """Number of the person → chamber and post. A chamber's first posts go to the most important people."""
    members: dict[str, list[int]] = {}
    for number, person in enumerate(people):
        chambers = _open_to(person.columns)
        if chambers and _may_hold_a_post(person.columns) and chance.random() < SHARES[person.columns["tier"]]:
            members.setdefault(chance.choice(chambers), []).append(number)
    held: dict[int, tuple[str, str]] = {}
    for chamber, numbers in members.items():
        ranked = sorted(numbers, key=lambda number: str(people[number].columns["tier"]))
        held |= {number: (chamber, title) for number, title in zip(ranked, _titles(chamber), strict=False)}
    return held


def _open_to(columns: dict[str, Any]) -> list[str]:
    """The chambers where they live: the city's takes everybody, a county's only its own natives."""
    here = words.CHAMBERS.get(columns["residence"], ())
    return [name for name in here if "安庆" in name or columns["native_place"][:2] in name]


def _may_hold_a_post(columns: dict[str, Any]) -> bool:
    return bool(columns["state"] == PersonState.ACTIVE)


def _titles(chamber: str) -> Iterator[str]:
    for title, count in words.CHAMBER_TITLES.items():
        yield from [title] * (count - ((chamber, title) in _TAKEN))
    while True:
        yield words.CHAMBER_MEMBER
