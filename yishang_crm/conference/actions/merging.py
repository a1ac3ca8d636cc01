"""This room's part when records of people become one: nobody stands on a list twice, and what they hold goes on working."""

from collections.abc import Sequence

from yishang_crm.conference import queries
from yishang_crm.conference.models import Edition, Guest, MergedGuest, Quota
from yishang_crm.conference.queries import merging
from yishang_crm.core.actor import Actor
from yishang_crm.core.bulk import take
from yishang_crm.core.db import db
from yishang_crm.core.journal import counted
from yishang_crm.core.words import N_
from yishang_crm.followup.queries import merging as followup
from yishang_crm.outbox import door
from yishang_crm.people.duplicates.parts import Line, Merging, Part, part_of_merge

# What a row keeps though another's states are written into it: its place, and what its holder has in hand.
_OWN = frozenset({"id", "edition_id", "person_id", "token_generation", "code_index", "code_try", "version"})


def register() -> None:
    """Leave the part where `people` looks."""
    part_of_merge(Part("conference", 40, _lines, _move))


def _lines(actor: Actor, person_ids: Sequence[int]) -> list[Line]:
    twice = merging.editions_of_doubles(actor, person_ids)
    becomes = N_("都归到合并后的人；链接、入场码和回执码照旧有效")
    lines = [Line(N_("大会邀请"), merging.counted(actor, person_ids), becomes)]
    if twice:
        lines.append(
            Line(
                N_("同一届重复"),
                dict.fromkeys(person_ids, 1),
                N_("每届只留一份：已到的、已答复的优先，另一份的函号注销并留档"),
            )
        )
    return lines


def _move(actor: Actor, work: Merging) -> None:
    for double in merging.doubles(work.ids):
        _make_one(work, double)
    for guest in merging.guests_of(work.absorbed_ids):
        guest.person_id = work.survivor_id
        work.count("guests", 1)
    db.session.flush()


def _make_one(work: Merging, double: merging.Double) -> None:
    stays, further, gone = double.stays, double.further, double.gone
    everyone = (*gone, stays)
    edition = queries.edition_by_id(stays.edition_id)
    before = {guest.id: (guest.seats, guest.letter_number) for guest in everyone}
    for guest in everyone:
        if guest is not further:
            _give_back(edition, guest)
    values = {name: getattr(further, name) for name in _columns() if name not in _OWN}
    given_out = [(guest.id or 0, guest.token_generation, guest.code_index) for guest in gone]
    _move_voices(stays, gone)
    _move_letters(stays, gone)
    for old in merging.leading_to(guest.id or 0 for guest in gone):
        old.guest_id = stays.id or 0
    for guest in gone:
        for task in followup.tasks_out_of(guest.key):
            task.origin = stays.key
    stays.letter_number = None  # a number stands once on an edition's list, also for a moment
    db.session.flush()
    for guest in gone:
        db.session.delete(guest)
    db.session.flush()
    for name, value in values.items():
        setattr(stays, name, value)
    stays.person_id = work.survivor_id
    stays.version += 1
    for old_id, generation, code_index in given_out:
        db.session.add(
            MergedGuest(old_id=old_id, guest_id=stays.id or 0, generation=generation, code_index=code_index)
        )
    db.session.flush()
    void = [number for guest_id, (_seats, number) in before.items() if guest_id != further.id and number]
    work.count("guests", len(gone))
    if void:
        work.say(
            N_("%(edition)s：重复的邀请并成一份，函号%(numbers)s注销并留档。"),
            edition=edition.name, numbers="、".join(map(str, void)),
        )  # fmt: skip
    else:
        work.say(N_("%(edition)s：重复的邀请并成一份。"), edition=edition.name)


def _columns() -> list[str]:
    return list(Guest.model_fields)


def _give_back(edition: Edition, guest: Guest) -> None:
    """Seats and place of a guest who is not one of two any more."""
    if guest.seats:
        seats = guest.seats
        take(Edition, edition.id or 0, used="seats_taken", limit="seats", n=-seats)
        counted(Edition, edition.id or 0, used="seats_taken", limit="seats", n=-seats)
        db.session.expire(edition, ["seats_taken"])
    if not guest.stands:
        return
    quota = queries.quota(guest.edition_id, unit_id=guest.unit_id, category=guest.category)
    if quota is not None and take(Quota, quota.id or 0, used="used", limit="granted", n=-1):
        counted(Quota, quota.id or 0, used="used", limit="granted", n=-1)
        db.session.expire(quota, ["used"])


def _move_voices(stays: Guest, gone: Sequence[Guest]) -> None:
    """Each unit that nominated one of them has nominated the guest, once."""
    units = {row.unit_id for row in merging.nominations_of([stays.id or 0])}
    for row in merging.nominations_of(guest.id or 0 for guest in gone):
        if row.unit_id in units:
            db.session.delete(row)
            continue
        units.add(row.unit_id)
        row.guest_id = stays.id or 0
    db.session.flush()


def _move_letters(stays: Guest, gone: Sequence[Guest]) -> None:
    """Letters about the others are about the guest; nobody gets a second one for the same purpose."""
    for guest in gone:
        door.move_about(of=guest.key, to=stays.key, reason=N_("两条重复的记录已合并，只发一封。"))
