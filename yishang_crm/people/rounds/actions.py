"""Beginning and closing a round, what an owner does with an entry, what a person says, and what staff take over."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.bulk import bulk
from yishang_crm.core.clock import now, today
from yishang_crm.core.db import db
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.openings import opened
from yishang_crm.core.sealed import Sealed
from yishang_crm.core.words import N_
from yishang_crm.outbox import door
from yishang_crm.outbox.models import Message
from yishang_crm.people import actions as people
from yishang_crm.people.actions.contacts import normalized
from yishang_crm.people.actions.persons import put_post
from yishang_crm.people.filters import Filters
from yishang_crm.people.models import ContactKind, Person
from yishang_crm.people.rounds import letters, links, queries
from yishang_crm.people.rounds.models import (
    SEALED_FIELDS,
    ChangeProposal,
    ConfirmationRound,
    ProposalState,
    ProposedField,
    RoundEntry,
)

MOST_PEOPLE = 20_000
MOST_WAITING = 12
LETTERS_AT_ONCE = 500

Refused = list[tuple[queries.Addressed, NotPossible]]


def begin_round(
    actor: Actor, *, name: str, due_on: dt.date, filters: Filters, query: Mapping[str, str]
) -> ConfirmationRound:
    """Open a round over a list and put everyone on their owner's worklist. `query` is the list's address, to be shown again."""
    begun = open_round(actor, name=name, due_on=due_on, filters=filters, query=query)
    fill_round(actor, begun, filters=filters)
    return begun


begin_round.permission = Permission.PEOPLE_WRITE  # type: ignore[attr-defined]


def fill_round(actor: Actor, begun: ConfirmationRound, *, filters: Filters) -> None:
    """Portion by portion, from where an earlier run was cut off."""
    if begun.is_filled:
        raise NotPossible(N_("这一轮的人已经分好。"))
    about_it = f"confirmation_round:{begun.id}"
    with bulk(actor, Permission.PEOPLE_WRITE, "people.rounds.fill_round", about=about_it) as work:
        for portion in queries.portions(actor, filters, after=queries.last_put(begun)):
            rows = [
                {"round_id": begun.id, "person_id": person_id, "unit_id": unit_id, "user_id": user_id}
                for person_id, unit_id, user_id in portion
            ]
            work.insert(RoundEntry, rows)
            work.chunk_done()
    finish_filling(actor, begun)


fill_round.permission = Permission.PEOPLE_WRITE  # type: ignore[attr-defined]


@action(Permission.PEOPLE_WRITE)
def open_round(
    actor: Actor, *, name: str, due_on: dt.date, filters: Filters, query: Mapping[str, str]
) -> ConfirmationRound:
    if due_on < today():
        raise NotPossible(N_("截止日已经过去，请改一个以后的日子。"))
    found = queries.how_many(actor, filters, most=MOST_PEOPLE)
    if found == 0:
        raise NotPossible(N_("这个名单里没有可以核对的人。"))
    if found > MOST_PEOPLE:
        raise NotPossible(N_("这个名单超过%(most)s人，一轮核对不完，请先缩小范围。"), most=f"{MOST_PEOPLE:,}")
    begun = ConfirmationRound(
        name=name,
        unit_id=actor.unit_id or 0,
        user_id=actor.id,
        begun_by=actor.name,
        due_on=due_on,
        filters=dict(query),
    )
    db.session.add(begun)
    db.session.flush()
    about(begun)
    return begun


@action(Permission.PEOPLE_WRITE)
def finish_filling(actor: Actor, begun: ConfirmationRound) -> None:
    begun.people, begun.filled_at = queries.put_so_far(begun), now()


@action(Permission.PEOPLE_WRITE)
def close_round(actor: Actor, found: ConfirmationRound) -> None:
    """No more answers are taken; what was confirmed stays on the records."""
    if not actor.sees_all and found.unit_id not in actor.unit_ids:
        raise NotPossible(N_("只有发起的单位能结束这一轮核对。"))
    found.close(at=now(), by=actor.name)


@action(Permission.PEOPLE_WRITE)
def confirm_entry(actor: Actor, entry: RoundEntry, person: Person) -> None:
    """Checked, and true."""
    about(person)
    entry.unreachable_at = None
    person.confirm(at=now(), by=actor.name)


@action(Permission.PEOPLE_WRITE)
def miss_entry(actor: Actor, entry: RoundEntry, person: Person) -> None:
    """Tried by every way, and not reached; the person stays on the round's list of those."""
    about(person)
    entry.miss(at=now(), by=actor.name)


@action(Permission.PEOPLE_WRITE)
def open_link(actor: Actor, entry: RoundEntry, person: Person) -> str:
    """The address of a person's own page, to be sent to them; the entry is the trace."""
    if person.why_left_alone:
        raise NotPossible(N_("%(name)s不宜打扰，不能发核对链接。"), name=person.name)
    about(person)
    opened(actor, entry.key)
    entry.opened_at = entry.opened_at or now()
    return links.address_of(entry)


@action(Permission.PEOPLE_WRITE)
def write_letters(actor: Actor, found: ConfirmationRound) -> tuple[list[Message], Refused]:
    """Write the next five hundred letters that ask people to look at their own record, held in the outbox.

    Returns those written, and who gets none with the reason. Nobody gets a second one of the same round.
    """
    found.must_take_answers(on=today())
    written: list[Message] = []
    refused: Refused = []
    for one in queries.addressed(actor, found):
        try:
            letter = letters.confirmation(one)
            written.append(
                door.post(actor, letters.recipient(one), letter, hold=True, unit_id=one.entry.unit_id)
            )
        except NotPossible as why:
            refused.append((one, why))
        if len(written) == LETTERS_AT_ONCE:
            break
    about(found)
    note(written=len(written), refused=len(refused))
    return written, refused


# Said by the person


@action(Permission.PEOPLE_ANSWER)
def confirm_own(actor: Actor, own: queries.Own) -> None:
    """The person says that all is right."""
    _must_be_open(own)
    about(own.person)
    own.entry.answered_at = now()
    own.person.confirm(at=now(), by=actor.name)


@action(Permission.PEOPLE_ANSWER)
def propose(actor: Actor, own: queries.Own, *, values: Mapping[str, str]) -> int:
    """The person says what has changed; nothing changes by itself. Returns how many fields.

    Raises `NotPossible` where a phone or address cannot be read, or too much waits already.
    """
    _must_be_open(own)
    about(own.person)
    said = {ProposedField(name): text.strip() for name, text in values.items() if text and text.strip()}
    if not said:
        raise NotPossible(N_("还没有写要改什么。"))
    waiting = [one for one in own.proposals if one.state == ProposalState.WAITING]
    if len(waiting) + len(said) > MOST_WAITING:
        raise NotPossible(N_("您已经提过好几处，请等工作人员核对后再提。"))
    for field, text in said.items():
        db.session.add(_proposal(own, field, text))
    own.entry.answered_at = now()
    return len(said)


def _proposal(own: queries.Own, field: ProposedField, text: str) -> ChangeProposal:
    proposed = ChangeProposal(
        person_id=own.person.id or 0, entry_id=own.entry.id, field=field, was=_was(own, field)
    )
    if field in SEALED_FIELDS:
        kind = ContactKind.EMAIL if field == ProposedField.EMAIL else None
        proposed.sealed_value = Sealed(normalized(text, kind=kind)[1])
    else:
        proposed.value = text[:200]
    return proposed


def _was(own: queries.Own, field: ProposedField) -> str:
    if field == ProposedField.POST:
        return "、".join(f"{firm.name} {post.title}".strip() for post, firm in own.posts)[:200]
    if field in SEALED_FIELDS:
        is_wanted = (
            (ContactKind.EMAIL,)
            if field == ProposedField.EMAIL
            else (ContactKind.MOBILE, ContactKind.LANDLINE)
        )
        return "、".join(str(one.value) for one in own.contacts if one.kind in is_wanted)[:200]
    return str(getattr(own.person, field.value, ""))[:200]


def _must_be_open(own: queries.Own) -> None:
    if not own.found.takes_answers(on=today()):
        raise NotPossible(N_("这一轮核对已经结束，有变动请直接告诉联系您的同志。"))


# Taken over by staff


@action(Permission.PEOPLE_WRITE)
def accept_proposal(actor: Actor, proposal: ChangeProposal, person: Person, **how: Any) -> None:
    """Put one proposed value into the record. `how`: for a post `organization`, `title` and `ends_former`."""
    about(person)
    proposal.decide(ProposalState.ACCEPTED, at=now(), by=actor.name)
    _take_over(actor, proposal, person, **how)


@action(Permission.PEOPLE_WRITE)
def refuse_proposal(actor: Actor, proposal: ChangeProposal, person: Person, *, reason: str) -> None:
    """Leave the record as it is; says why."""
    if not reason:
        raise NotPossible(N_("请写上不采纳的理由。"))
    about(person)
    proposal.decide(ProposalState.REFUSED, at=now(), by=actor.name, reason=reason)


def _take_over(actor: Actor, proposal: ChangeProposal, person: Person, *, organization: str = "", title: str = "",
               ends_former: bool = False) -> None:  # fmt: skip
    if proposal.field == ProposedField.POST:
        if not organization:
            raise NotPossible(N_("请写上单位。"))
        if ends_former:
            for post in queries.present_posts(actor, person):
                post.until = today()
        put_post(person, organization=organization, title=title)
    elif proposal.sealed_value is not None:
        people.add_contact(actor, person, typed=proposal.sealed_value.whole())
    elif proposal.field in (ProposedField.RESIDENCE, ProposedField.INDUSTRY):
        people.edit_person(
            actor, person, version=person.version, **{proposal.field.value: proposal.value[:60]}
        )
