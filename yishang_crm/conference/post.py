"""What the outbox asks this room when an invitation leaves: link and code, the letter as PDF, what to check before."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from flask import url_for

from yishang_crm.conference import letters, queries, tokens
from yishang_crm.conference.papers.letters import LetterPaper, letter_pdf
from yishang_crm.conference.queries import Invitation
from yishang_crm.core.actor import HOUSE, Actor
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.outbox import registry
from yishang_crm.outbox.registry import Attachment, Check


def open_post() -> None:
    """Register with the outbox; called once, when the room is opened."""
    registry.purpose("invitation", N_("邀请函"))
    registry.placeholder_filler(
        "guest",
        _filled,
        labels={
            "reply_url": N_("答复链接"),
            "reply_host": N_("答复网址"),
            "reply_code": N_("回执码"),
        },
    )
    registry.attachment_maker("invitation-letter", _letter, label=N_("邀请函.pdf"))
    registry.letter_check("guest", _checks)
    registry.address_of("guest", lambda guest_id: url_for("conference.guest_by_number", guest_id=guest_id))


def _filled(guest_id: int) -> Mapping[str, str]:
    guest = _wanted(guest_id).guest
    return {
        "reply_url": letters.reply_url(guest),
        "reply_host": letters.reply_host(),
        "reply_code": tokens.spaced(tokens.reply_code(guest)),
    }


def _letter(guest_id: int) -> Callable[[], Attachment]:
    one = _wanted(guest_id)
    return partial(_typeset, f"{letters.paper_name(one)}.pdf", letters.paper(one))


def _typeset(name: str, paper: LetterPaper) -> Attachment:
    return Attachment(name, "application/pdf", letter_pdf(paper))


def _wanted(guest_id: int) -> Invitation:
    """The invitation, if it still stands: what was withdrawn meanwhile does not leave."""
    guest = queries.guest(HOUSE, guest_id)
    if guest is None:
        raise NotPossible(N_("这位嘉宾已不在名单上。"))
    guest.must_be_invited()
    one = queries.invitation(HOUSE, guest)
    one.person.must_be_invitable()
    return one


def _checks(actor: Actor, guest_id: int) -> Iterator[Check]:
    guest = queries.guest(actor, guest_id)
    if guest is None:
        return
    one = queries.invitation(actor, guest)
    lacks = letters.why_not(one)
    yield Check("late", str(lacks)) if lacks else Check("done", N_("称呼、职务、字库都齐"))
    if not one.person.may_be_invited:
        yield Check("late", N_("此人现在不宜邀请，放行前请先核对"))
    if guest.replied_at:
        yield Check("wait", N_("已经答复过，也许不用再发"))
