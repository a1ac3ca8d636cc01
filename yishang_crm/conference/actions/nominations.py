"""Nominating: several units may name one person, one of them owns the guest (谁推荐、谁对接、谁负责, domain.md §2.2)."""

from collections.abc import Sequence
from dataclasses import dataclass

from yishang_crm.conference import queries
from yishang_crm.conference.models import Category, Edition, Guest, Nomination, Quota
from yishang_crm.conference.words import SAID
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.bulk import take
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.people.models import Person


@dataclass(frozen=True)
class Said:
    """What a unit says when it nominates."""

    unit_id: int
    category: Category
    reason: str


@action(Permission.CONFERENCE_NOMINATE)
def nominate(
    actor: Actor, edition: Edition, person: Person, *, category: Category = Category.NATIVE, reason: str = "",
    unit_id: int | None = None,
) -> Guest:  # fmt: skip
    """Put a person on the edition's list, or add this unit's voice to another's; the owner stays.

    Raises `NotPossible` for who may not be invited, for a quota that is used up, and when the unit has said so already.
    """
    said = Said(_own_unit(actor, unit_id), category, reason[:200])
    return _Nominating(actor, edition, [person]).nominated(person, said)


@action(Permission.PORTAL_USE)
def nominate_as_partner(
    actor: Actor, edition: Edition, person: Person, *, unit_id: int, reason: str = ""
) -> Guest:
    """A partner names somebody entrusted to them (found for them by the caller); the keeping unit owns the guest."""
    said = Said(unit_id, Category.NATIVE, reason[:200])
    return _Nominating(actor, edition, [person]).nominated(person, said)


@action(Permission.CONFERENCE_NOMINATE)
def nominate_many(
    actor: Actor, edition: Edition, people: Sequence[Person], *, category: Category = Category.NATIVE,
    reason: str = "", unit_id: int | None = None, expected: int | None = None,
) -> tuple[list[Guest], list[tuple[Person, NotPossible]]]:  # fmt: skip
    """Nominate a selection: who is on the list now, and who is not, with the sentence that says why.

    `expected`: how many were told to whoever pressed; raises `NotPossible` when they have become more or fewer.
    """
    if expected is not None and len(people) != expected:
        raise NotPossible(
            N_("数目变了：您看到的是%(expected)s人，现在是%(now)s人。什么都没有动，请再看一眼。"),
            expected=expected, now=len(people),
        )  # fmt: skip
    said = Said(_own_unit(actor, unit_id), category, reason[:200])
    nominating = _Nominating(actor, edition, people)
    done: list[Guest] = []
    refused: list[tuple[Person, NotPossible]] = []
    for person in people:
        try:
            done.append(nominating.nominated(person, said))
        except NotPossible as why:
            refused.append((person, why))
    about(edition)
    note(nominated=len(done), refused=len(refused))
    return done, refused


class _Nominating:
    """Knows who of a selection is on the list already; two statements however many."""

    def __init__(self, actor: Actor, edition: Edition, people: Sequence[Person]) -> None:
        edition.must_be_open()
        self.actor, self.edition = actor, edition
        self.listed = queries.guests_of_people(edition, [person.id or 0 for person in people])
        self.voices = queries.nominating_units(guest.id or 0 for guest in self.listed.values())

    def nominated(self, person: Person, said: Said) -> Guest:
        """Everything that may refuse comes first, so that a refusal leaves nothing behind."""
        person.must_be_invitable()
        guest = self.listed.get(person.id or 0)
        if guest is None:
            guest = self._listed_anew(person, said)
        elif not guest.stands:
            self._listed_again(guest, said)
        elif (guest.id, said.unit_id) in self.voices:
            raise NotPossible(N_("%(name)s已在名单上，不用再提名。"), name=person.name)
        self._add_voice(guest, said)
        return guest

    def _listed_anew(self, person: Person, said: Said) -> Guest:
        take_place(self.edition.id or 0, said.unit_id, said.category)
        guest = Guest(
            edition_id=self.edition.id or 0,
            person_id=person.id or 0,
            unit_id=said.unit_id,
            category=said.category,
            level=person.tier.value,
            nominated_at=now(),
            nominated_by=self.actor.name,
            reason=said.reason,
        )
        db.session.add(guest)
        db.session.flush()
        self.listed[guest.person_id] = guest
        return guest

    def _listed_again(self, guest: Guest, said: Said) -> None:
        guest.must_be_free_again()
        take_place(guest.edition_id, said.unit_id, said.category)
        guest.nominate_again(
            at=now(), by=self.actor.name, reason=said.reason, category=said.category, unit_id=said.unit_id
        )

    def _add_voice(self, guest: Guest, said: Said) -> None:
        about(guest)
        voice = (guest.id or 0, said.unit_id)
        if voice not in self.voices:
            self.voices.add(voice)
            db.session.add(
                Nomination(
                    guest_id=guest.id or 0,
                    unit_id=said.unit_id,
                    user_name=self.actor.name,
                    reason=said.reason,
                )
            )


def take_place(edition_id: int, unit_id: int, category: Category) -> None:
    """One of the unit's quota, where it has one; one statement decides who gets the last."""
    quota = queries.quota(edition_id, unit_id=unit_id, category=category)
    if quota is not None and not take(Quota, quota.id or 0, used="used", limit="granted"):
        raise NotPossible(
            N_("“%(category)s”的%(granted)s个名额已经用完，请找会务组调整，或先撤回一位。"),
            category=SAID[category], granted=quota.granted,
        )  # fmt: skip


def give_back_place(guest: Guest) -> None:
    """After a rejection or withdrawal."""
    quota = queries.quota(guest.edition_id, unit_id=guest.unit_id, category=guest.category)
    if quota is not None:
        take(Quota, quota.id or 0, used="used", limit="granted", n=-1)


def _own_unit(actor: Actor, unit_id: int | None) -> int:
    if unit_id is None:
        if actor.unit_id is None:
            raise NotPossible(N_("请说明由哪个单位提名。"))
        return actor.unit_id
    if not actor.sees_all and unit_id not in actor.unit_ids:
        raise NotPossible(N_("只能以本单位的名义提名。"))
    return unit_id
