"""Letters of this room: the page on which a person looks at their own record and says whether it is right."""

from flask_babel import force_locale, format_date
from flask_babel import gettext as _

from yishang_crm.core.clock import today
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.outbox.door import Addressee, Letter
from yishang_crm.outbox.words import html_of, inert
from yishang_crm.people import salutation
from yishang_crm.people.rounds.queries import CONFIRMATION, Addressed


def confirmation(one: Addressed) -> Letter:
    """The letter in the person's language; the link is filled in when it leaves. Raises `CannotAddress`."""
    language = salutation.language_of(one.person)
    opening = salutation.opening(one, language=language)
    with force_locale(language):
        text = _(
            "%(opening)s\n\n　　感谢您一直牵挂家乡安庆。为了把您的联系方式和任职记准，请您抽一分钟看看我们留存的资料：\n\n"
            "%(link)s\n\n　　都对，按一下“都对”就好；有变动，写上新的，由我们核对后更改。请在%(day)s以前看一看。"
            "不用账号和密码，号码只显示头尾。链接只给您本人，请不要转给别人。\n\n"
            "　　不方便打开，或者不希望再收到这样的信，请告诉%(liaison)s，我们照办。\n\n"
            "        %(unit)s\n        %(written_on)s\n",
            opening=inert(opening),
            link="[[confirmation_url]]",
            day=format_date(one.found.due_on, "long"),
            liaison=inert(_liaison(one)),
            unit=inert(one.unit.name),
            written_on=format_date(today(), "long"),
        )
        subject = _("请您核对家乡留存的资料")
    return Letter(
        purpose=CONFIRMATION,
        about=one.entry.key,
        subject=subject,
        body_text=text,
        body_html=html_of(text),
    )


def recipient(one: Addressed) -> Addressee:
    return Addressee(
        name=one.name,
        title=one.post,
        address=one.email,
        language=salutation.language_of(one.person),
        person_id=one.person.id,
        refusal=one.person.why_left_alone,
    )


def why_not(one: Addressed) -> NotPossible | None:
    """Why nothing can be written to them yet: how to address them is not known."""
    try:
        salutation.opening(one, language=salutation.language_of(one.person))
    except NotPossible as reason:
        return reason
    return None


def must_be_wanted(one: Addressed | None) -> Addressed:
    """The letter still makes sense. Raises `NotPossible` with the reason why it does not leave any more."""
    if one is None:
        raise NotPossible(N_("这个人已不在这一轮核对的名单上。"))
    if one.person.why_left_alone:
        raise NotPossible(one.person.why_left_alone)
    one.found.must_take_answers(on=today())
    if one.entry.answered_at or one.person.is_confirmed_since(one.found.begun_at):
        raise NotPossible(N_("资料已经核对过，不用再发。"))
    return one


def _liaison(one: Addressed) -> str:
    if not one.unit.liaison_phone:
        return _("联系您的同志")
    return _(
        "%(unit)s%(name)s（%(phone)s）",
        unit=one.unit.short_name,
        name=one.unit.liaison_name,
        phone=one.unit.liaison_phone,
    )
