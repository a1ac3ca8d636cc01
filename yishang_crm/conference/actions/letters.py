"""Letters: a number and a code, the paper to look at, the mail held in the outbox."""

from collections.abc import Sequence

from yishang_crm.conference import letters, queries, tokens
from yishang_crm.conference.actions.decisions import held
from yishang_crm.conference.models import Edition, Guest
from yishang_crm.conference.papers.letters import LetterPaper
from yishang_crm.conference.queries import Invitation
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.bulk import next_number
from yishang_crm.core.clock import now, today
from yishang_crm.core.db import db
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.openings import opened
from yishang_crm.core.words import N_
from yishang_crm.outbox import door
from yishang_crm.outbox.models import Message

Refused = list[tuple[Invitation, NotPossible]]


@action(Permission.CONFERENCE_LETTER)
def make_letter(actor: Actor, guest: Guest) -> int:
    """Give the guest the next number of the edition's series, and a reply code. Returns the number.

    Raises `NotPossible` with what is missing while the letter cannot be printed.
    """
    guest = held(actor, guest)
    return _made(queries.invitation(actor, guest))


@action(Permission.CONFERENCE_LETTER)
def make_letters(actor: Actor, edition: Edition, guests: Sequence[Guest]) -> tuple[list[Invitation], Refused]:
    """Letters for a selection, numbered in its order: those made, and those that cannot be printed with the reason."""
    fresh = {
        guest.id: guest for guest in queries.guests_to_change(actor, [guest.id or 0 for guest in guests])
    }
    in_order = [fresh[guest.id] for guest in guests if guest.id in fresh]
    made: list[Invitation] = []
    refused: Refused = []
    for one in queries.invitations(actor, edition, in_order):
        try:
            _made(one)
            made.append(one)
        except NotPossible as why:
            refused.append((one, why))
    about(edition)
    note(made=len(made), refused=len(refused))
    return made, refused


def _made(one: Invitation) -> int:
    """Everything that may refuse comes before the number is taken: the series has no gaps."""
    guest, edition = one.guest, one.edition
    edition.must_be_open()
    guest.must_have_no_letter()
    one.person.must_be_invitable()
    letters.must_be_printable(one)
    if edition.letter_date is None:
        edition.letter_date = today()
        db.session.flush()
    number = next_number(Edition, edition.id or 0, column="last_letter_number")
    guest.take_letter(number, at=now())
    _give_code(guest)
    return number


def _give_code(guest: Guest) -> None:
    """Of two guests with the same six digits the later takes the next; taking a number made them stand in line."""
    edition_id = guest.edition_id
    while queries.code_is_taken(
        edition_id, tokens.code_indexes(edition_id, tokens.reply_code(guest)), by_other_than=guest.id or 0
    ):
        guest.code_try += 1
    guest.code_index = tokens.code_index(edition_id, tokens.reply_code(guest))
    db.session.flush()


@action(Permission.CONFERENCE_LETTER)
def post_letters(actor: Actor, edition: Edition, guests: Sequence[Guest]) -> tuple[list[Message], Refused]:
    """Write the mails that carry the letters, held in the outbox: those written, and who gets none with the reason."""
    posted: list[Message] = []
    refused: Refused = []
    for one in queries.invitations(actor, edition, guests):
        try:
            posted.append(_posted(actor, one))
        except NotPossible as why:
            refused.append((one, why))
    about(edition)
    note(posted=len(posted), refused=len(refused))
    return posted, refused


def _posted(actor: Actor, one: Invitation) -> Message:
    one.guest.must_be_invited()
    if one.guest.letter_number is None:
        raise NotPossible(N_("%(name)s的邀请函还没有制。"), name=one.name)
    return door.post(actor, letters.recipient(one), letters.mail(one), hold=True, unit_id=one.guest.unit_id)


@action(Permission.CONFERENCE_RECORD_REPLY)
def open_letter(actor: Actor, guest: Guest) -> LetterPaper:
    """The letter as it will be printed, with the guest's own link in it; the entry is the trace."""
    guest.must_be_invited()
    about(guest)
    opened(actor, "letter", number=guest.letter_number)
    return letters.paper(queries.invitation(actor, guest))


@action(Permission.CONFERENCE_RECORD_REPLY)
def open_link(actor: Actor, guest: Guest) -> Invitation:
    """The guest's own link and code, to hand over by WeChat or on the phone; the entry is the trace."""
    guest.must_be_invited()
    if guest.code_index is None:
        raise NotPossible(N_("邀请函还没有制，还没有答复链接。"))
    about(guest)
    opened(actor, "reply link")
    return queries.invitation(actor, guest)


@action(Permission.CONFERENCE_LETTER)
def open_letters(actor: Actor, edition: Edition, guests: Sequence[Guest]) -> list[LetterPaper]:
    """Many letters for the printer, in the order of their numbers; one entry tells how many."""
    in_order = sorted(guests, key=lambda guest: guest.letter_number or 0)
    about(edition)
    opened(actor, "letters", count=len(in_order))
    return [letters.paper(one) for one in queries.invitations(actor, edition, in_order)]


def cannot_print(actor: Actor, edition: Edition, guests: Sequence[Guest]) -> Refused:
    """Who of these guests cannot be written to yet, with the sentence that says what is missing. Reads only."""
    checked = [(one, letters.why_not(one)) for one in queries.invitations(actor, edition, guests)]
    return [(one, why) for one, why in checked if why is not None]
