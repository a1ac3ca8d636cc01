"""Who holds this link: from the token or from the code entered before. The only place where guests' actors are made."""

import enum
from dataclasses import dataclass

from flask import g, request, session

from yishang_crm.accounts import actors
from yishang_crm.conference import queries as conference
from yishang_crm.conference import tokens
from yishang_crm.conference.models import Approval, Edition, Guest, Reply, ReplyChannel
from yishang_crm.core import words
from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import now, today
from yishang_crm.people import salutation
from yishang_crm.portal.guest import queries
from yishang_crm.portal.guest.queries import Invitation

# Instead of a token in the address of whoever came by the code.
BY_CODE = "mine"
_HOLDS_FOR = 2 * 3600  # seconds; the phone at a chamber's counter is not one's own


class Closed(enum.StrEnum):
    """Why a link opens nothing."""

    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"
    MISTAKEN = "mistaken"


@dataclass(frozen=True)
class Visit:
    """A guest at their page. `token` is what stands in the address: the link's, or `mine`."""

    token: str
    actor: Actor
    invitation: Invitation

    @property
    def guest(self) -> Guest:
        return self.invitation.guest

    @property
    def edition(self) -> Edition:
        return self.invitation.edition

    @property
    def channel(self) -> ReplyChannel:
        return ReplyChannel.CODE if self.token == BY_CODE else ReplyChannel.LINK

    @property
    def has_answered(self) -> bool:
        """Whether the guest has said something definite; who waits for a seat has said yes."""
        guest = self.guest
        return guest.reply not in (Reply.NONE, Reply.TENTATIVE) or guest.waits_since is not None

    @property
    def may_answer(self) -> bool:
        return self.edition.takes_replies(on=today()) and self.guest.checked_in_at is None


def visit(token: str) -> Visit | Closed:
    """Whom a link opens for, or why it opens nothing."""
    said = _remembered() if token == BY_CODE else tokens.read(token)
    if said is None:
        return Closed.UNKNOWN
    guest_id, generation = said
    g.actor = actors.of_guest(guest_id, name="", language=_language())
    invitation = queries.invitation(g.actor)
    if invitation is None and (standing := conference.led_on(said)):
        # Two records of this guest became one: what they hold still opens.
        guest_id, generation = standing
        g.actor = actors.of_guest(guest_id, name="", language=_language())
        invitation = queries.invitation(g.actor)
    if invitation is None:
        return Closed.UNKNOWN
    g.actor = actors.of_guest(guest_id, name=invitation.name, language=_language(invitation))
    why = _why_closed(invitation.guest, generation)
    return why or Visit(token, g.actor, invitation)


def _why_closed(guest: Guest, generation: int) -> Closed | None:
    if guest.approval in (Approval.WITHDRAWN, Approval.REJECTED):
        return Closed.WITHDRAWN
    if guest.token_generation & 0xFF != generation & 0xFF or guest.approval != Approval.APPROVED:
        return Closed.UNKNOWN
    return Closed.MISTAKEN if queries.is_mistaken(g.actor, guest) else None


def remember(guest: Guest) -> None:
    """After the right code: this browser may open the guest's page for two hours."""
    session["guest"] = [guest.id, guest.token_generation, int(now().timestamp())]


def _remembered() -> tuple[int, int] | None:
    guest_id, generation, at = session.get("guest") or (0, 0, 0)
    return (guest_id, generation) if now().timestamp() - at < _HOLDS_FOR else None


def _language(invitation: Invitation | None = None) -> str:
    """What the guest chose here; else that of their letter; for a stranger that of the browser."""
    chosen = session.get("language")
    if chosen in words.LANGUAGES:
        return str(chosen)
    if invitation is not None:
        return salutation.language_of(invitation.person)
    return words.language_for(value for value, _ in request.accept_languages)
