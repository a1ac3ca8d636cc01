"""What this room writes to guests: the invitation as a paper, and the mail that carries it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, render_template

from yishang_crm.conference import tokens
from yishang_crm.conference.models import Guest
from yishang_crm.conference.papers import glyphs
from yishang_crm.conference.papers.letters import LetterPaper
from yishang_crm.conference.papers.seal import placeholder_seal
from yishang_crm.conference.queries import Invitation
from yishang_crm.conference.wording import (
    edition_name,
    filled,
    letter_number,
    long_day,
    organizer,
    paragraphs,
    wording,
)
from yishang_crm.core.clock import today
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.outbox.door import Addressee, Letter
from yishang_crm.outbox.words import inert
from yishang_crm.people import salutation


def why_not(one: Invitation) -> NotPossible | None:
    """Why this letter cannot be printed: who cannot be addressed rightly, or a character that no font has."""
    try:
        must_be_printable(one)
    except NotPossible as reason:
        return reason
    return None


def must_be_printable(one: Invitation) -> None:
    """Raises `NotPossible` with the sentence that says what is missing."""
    dear(one)
    glyphs.require(one.name + one.traditional_name + one.salutation_override)


def dear(one: Invitation) -> str:
    """The first line: 尊敬的汪砚舟先生：. Raises `CannotAddress`."""
    return salutation.opening(one, language=salutation.language_of(one.person))


def paper(one: Invitation) -> LetterPaper:
    """The letter, every sentence finished, as plain values for the press. Raises `NotPossible`."""
    if one.guest.letter_number is None:
        raise NotPossible(N_("%(name)s的邀请函还没有制。"), name=one.name)
    edition, language = one.edition, salutation.language_of(one.person)
    signatory = organizer(edition, language)
    *body, closing = paragraphs(edition, language)
    return LetterPaper(
        organization=signatory,
        number=letter_number(edition, one.guest.letter_number, language),
        salutation=dear(one),
        paragraphs=body,
        closing=closing,
        signatory=signatory,
        date_line=_date_line(one, language),
        reply_url=reply_url(one.guest),
        reply_host=reply_host(),
        reply_code=tokens.spaced(tokens.reply_code(one.guest)),
        liaison=liaison(one, language),
        title=wording(language).title,
        language=language,
        seal=placeholder_seal(signatory) if language != "en" else None,
    )


def mail(one: Invitation) -> Letter:
    """The message with the letter attached. Link, host and code are filled in when it leaves: tokens are never stored, and addresses may change."""
    language = salutation.language_of(one.person)
    values = _mail_values(one, language)
    again = str(one.guest.token_generation) if one.guest.token_generation > 1 else ""
    return Letter(
        purpose="invitation",
        about=one.guest.key,
        subject=render_template("letters/invitation/subject.txt", **values).strip(),
        body_text=render_template("letters/invitation/body.txt", **values).strip() + "\n",
        body_html=render_template("letters/invitation/body.html", **values),
        attachments=("invitation-letter",),
        occasion=again,
    )


def recipient(one: Invitation) -> Addressee:
    return Addressee(
        name=one.name,
        title=one.post,
        address=one.email,
        language=salutation.language_of(one.person),
        person_id=one.person.id,
        refusal=None if one.person.may_be_invited else N_("此人现在不宜邀请。"),
    )


def paper_name(one: Invitation) -> str:
    """`邀请函417号`, as it stands in the guest's mailbox."""
    name = wording(salutation.language_of(one.person)).file_name
    return filled(name, {"number": str(one.guest.letter_number)})


def chat_text(one: Invitation) -> str:
    """What a liaison pastes into WeChat (domain.md §2.10): how the guest is called, when, the link."""
    edition = one.edition
    return (
        f"{_called(one)}您好！{edition.name}定于{long_day(edition.starts_at.date())}在安庆举行，诚邀您回家乡看看。"
        f"请点开 {reply_url(one.guest)} 答复，或直接告诉我，我来帮您登记。"
    )


def liaison(one: Invitation, language: str) -> str:
    """Whom the guest calls: the owning unit's liaison, else the office. The names of people stay as written."""
    said, owner = wording(language), one.owner
    stop = ": " if language == "en" else "："
    if owner.liaison_phone:
        return f"{said.liaison}{stop}{owner.liaison_name}（{owner.name}）　{owner.liaison_phone}"
    return f"{said.office}{stop}{one.edition.office_phone}" if one.edition.office_phone else said.office


def reply_url(guest: Guest) -> str:
    return f"{current_app.config['SETTINGS'].address}/r/{tokens.token(guest)}"


def reply_host() -> str:
    """What a guest types who cannot scan: `yishang.example/r`."""
    return f"{urlsplit(current_app.config['SETTINGS'].address).netloc}/r"


def _date_line(one: Invitation, language: str) -> str:
    return long_day(one.edition.letter_date or today(), language)


def _called(one: Invitation) -> str:
    try:
        return salutation.casual(one)
    except salutation.CannotAddress:
        return one.name


def _mail_values(one: Invitation, language: str) -> Mapping[str, Any]:
    said, edition = wording(language), one.edition
    *body, closing = paragraphs(edition, language)
    return {
        "language": language,
        "subject": filled(said.subject, {"edition": edition_name(edition, language)}),
        "dear": inert(dear(one)),
        "paragraphs": [inert(text) for text in body],
        "closing": inert(closing),
        "signatory": organizer(edition, language),
        "date_line": _date_line(one, language),
        "said": said,
        "by_code": filled(said.by_code, {"host": "[[reply_host]]", "code": "[[reply_code]]"}),
        "liaison": inert(liaison(one, language)),
    }
