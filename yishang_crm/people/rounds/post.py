"""What the outbox asks this room when a letter of a round leaves: the personal link, and what to check before."""

from collections.abc import Iterator, Mapping

from flask import url_for

from yishang_crm.core.actor import HOUSE, Actor
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.outbox import registry
from yishang_crm.outbox.registry import Check
from yishang_crm.people.rounds import letters, links, queries


def open_post() -> None:
    """Register with the outbox; called once, when the room is opened."""
    registry.purpose(queries.CONFIRMATION, N_("核对资料"))
    registry.placeholder_filler("round_entry", _filled, labels={"confirmation_url": N_("本人核对链接")})
    registry.letter_check("round_entry", _checks)
    registry.address_of("round_entry", lambda entry_id: url_for("rounds.show_entry", entry_id=entry_id))


def _filled(entry_id: int) -> Mapping[str, str]:
    one = letters.must_be_wanted(queries.addressed_by_entry(HOUSE, entry_id))
    return {"confirmation_url": links.address_of(one.entry)}


def _checks(actor: Actor, entry_id: int) -> Iterator[Check]:
    one = queries.addressed_by_entry(actor, entry_id)
    if one is None:
        return
    try:
        letters.must_be_wanted(one)
    except NotPossible as reason:
        yield Check("late", str(reason))
    else:
        yield Check("wait", N_("还没有核对"))
