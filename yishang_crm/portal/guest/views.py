"""The guest's pages. Opening one changes nothing; only a button does."""

import functools
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, make_response, request, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import tries
from yishang_crm.conference import actions as conference
from yishang_crm.conference import letters, tokens
from yishang_crm.conference import queries as conference_queries
from yishang_crm.conference.models import Reply
from yishang_crm.conference.papers import calendar, qr
from yishang_crm.core import limits
from yishang_crm.core.db import begin_writing, end_transaction
from yishang_crm.core.errors import HouseError, TooMany
from yishang_crm.core.shown import told
from yishang_crm.core.web import done, open_to_all, page, two_step
from yishang_crm.portal.guest import actions, forms, merging, queries, visits, words
from yishang_crm.portal.guest.visits import BY_CODE, Closed, Visit

guest = Blueprint("guest", __name__, url_prefix="/r")

_HALF_HOUR = tries.BY_ACCOUNT.within
BY_CODE_TRIED = tries.Limit(10, _HALF_HOUR, _HALF_HOUR)
BY_ADDRESS = tries.Limit(30, _HALF_HOUR, _HALF_HOUR)  # many phones stand behind one address of their carrier


def open_pages(app: Flask) -> None:
    """Hang the guest's pages on the app."""
    app.register_blueprint(guest)


def for_guest(view: Callable[[Visit], Any]) -> Callable[[str], Any]:
    """The view of a guest whose link is good; everybody else gets the polite page that fits."""

    @functools.wraps(view)
    def opened(token: str) -> Any:
        visit = visits.visit(token)
        return view(visit) if isinstance(visit, Visit) else _closed(visit)

    return opened


# By the code


@guest.get("")
@open_to_all
def code() -> Any:
    return page(
        "portal/guest/code.html", form=forms.CodeForm(), edition=queries.edition_to_call(), words=words
    )


@guest.post("")
@open_to_all
@two_step
def code_post() -> Any:
    form = forms.CodeForm()
    if not form.validate():
        return _wrong_code(form, sentence="")
    six_digits, tail = form.digits
    address, by_code = f"reply-address:{limits.client_address()}", f"reply-code:{six_digits}"
    tries.take(address, BY_ADDRESS)
    tries.take(by_code, BY_CODE_TRIED)
    found = conference_queries.guest_by_code(six_digits, tail)
    end_transaction()
    if found is None:
        return _wrong_code(form, sentence=_("回执码或手机尾号不对。请照邀请函上的六位数字再输一次。"))
    begin_writing()
    tries.give_back(address, BY_ADDRESS)
    tries.forget(by_code)
    visits.remember(found)
    return done(then=url_for("guest.reply", token=BY_CODE))


def _wrong_code(form: forms.CodeForm, *, sentence: str) -> Any:
    edition = queries.edition_to_call()
    return page(
        "portal/guest/code.html", form=form, edition=edition, sentence=sentence, words=words, status=422
    )


# By the link


@guest.get("/<token>")
@open_to_all
@for_guest
def reply(visit: Visit) -> Any:
    """The first screen with three buttons; afterwards the journey. `?change=1` shows the buttons again."""
    wants_to_change = "change" in request.args and visit.may_answer
    if not visit.has_answered or wants_to_change:
        return page("portal/guest/reply.html", **_said_to(visit))
    return page(
        "portal/guest/journey.html", **_journey(visit, forms.AnswerForm(visit.edition, formdata=None))
    )


@guest.get("/<token>/delegate")
@open_to_all
@for_guest
def delegate(visit: Visit) -> Any:
    """Who comes instead."""
    return page(
        "portal/guest/delegate.html", **_journey(visit, forms.AnswerForm(visit.edition, formdata=None))
    )


@guest.post("/<token>/reply")
@open_to_all
@for_guest
def reply_post(visit: Visit) -> Any:
    """参加, 不能参加, or 委派他人, which first asks whom."""
    chosen, form = forms.REPLIES.get(request.form.get("reply", "")), forms.AnswerForm(visit.edition)
    parts = forms.parts_sent(request.form) if chosen == Reply.DELEGATED else []
    if chosen == Reply.DELEGATED and not parts:
        return done(then=url_for("guest.delegate", token=visit.token))
    if form.wrong_in(parts):
        return page("portal/guest/delegate.html", **_journey(visit, form), status=422)
    if chosen is None or not _has_read_the_notice(visit):
        return page("portal/guest/reply.html", **_said_to(visit), status=422)
    found = merging.merged(
        visit.guest, {part: form.given([part]) for part in parts}, forms.seen(request.form)
    )
    if found.overtaken:
        return _overtaken(visit, form, found.overtaken, template="portal/guest/delegate.html")
    _keep(visit, chosen, found.values)
    return done(then=url_for("guest.reply", token=visit.token))


@guest.post("/<token>/answers")
@open_to_all
@for_guest
def answers(visit: Visit) -> Any:
    """The journey, as a whole or the parts that changed. A page that saves as it goes is answered in JSON."""
    form, parts = forms.AnswerForm(visit.edition), forms.parts_sent(request.form)
    step = forms.stepped(request.form)
    if wrong := form.wrong_in(parts):
        return _not_kept(
            visit, form, sentence=" ".join(sentence for said in wrong.values() for sentence in said)
        )
    given = {part: form.given([part]) for part in parts}
    if step is not None:
        given.setdefault("companions", {})["companions"] = step
    found = merging.merged(visit.guest, given, forms.seen(request.form))
    if found.overtaken:
        return _overtaken(visit, form, found.overtaken)
    if found.values:
        _keep(visit, visit.guest.reply, found.values)
    if _saves_as_it_goes():
        return _with_marks(make_response("", 204), visit, found.kept)
    then = "guest.entry_pass" if step is None and visit.guest.is_coming else "guest.reply"
    return done(then=url_for(then, token=visit.token))


def _keep(visit: Visit, chosen: Reply, given: dict[str, Any]) -> None:
    conference.answer(
        visit.actor,
        visit.guest,
        reply=chosen,
        channel=visit.channel,
        consented=_has_read_the_notice(visit),
        **given,
    )


def _overtaken(
    visit: Visit, form: forms.AnswerForm, parts: list[str], *, template: str = "portal/guest/journey.html"
) -> Any:
    """Somebody changed the same part meanwhile: both are shown, and saving again takes what the guest typed."""
    sentences = [
        _(
            "“%(part)s”刚由联络员改成了“%(theirs)s”。要改成您填的，请再保存一次。",
            part=words.PARTS[part],
            theirs=words.told(merging.stored(visit.guest, part)),
        )
        for part in parts
    ]
    if _saves_as_it_goes():
        return _with_marks(make_response({"sentence": " ".join(sentences)}, 409), visit, parts)
    journey = _journey(visit, form) | {"overtaken": sentences, "keeps_typed": True}
    return page(template, **journey, status=409)


def _with_marks(response: Any, visit: Visit, parts: list[str]) -> Any:
    response.headers["X-Seen"] = merging.told(merging.marks(visit.guest), parts)
    return response


def _not_kept(visit: Visit, form: forms.AnswerForm, *, sentence: str) -> Any:
    if _saves_as_it_goes():
        return make_response({"sentence": sentence}, 422)
    return page("portal/guest/journey.html", **_journey(visit, form), status=422)


@guest.get("/<token>/pass")
@open_to_all
@for_guest
def entry_pass(visit: Visit) -> Any:
    if not visit.guest.is_coming:
        return done(then=url_for("guest.reply", token=visit.token))
    code = qr.entry_qr(tokens.entry_token(visit.guest), label=_("报到用的二维码"))
    return page("portal/guest/pass.html", **_said_to(visit), qr=code)


@guest.get("/<token>/pass.png")
@open_to_all
@for_guest
def pass_picture(visit: Visit) -> Any:
    """The code as a picture for the album."""
    if not visit.guest.is_coming:
        return done(then=url_for("guest.reply", token=visit.token))
    return _file(qr.qr_png(tokens.entry_token(visit.guest), scale=16), kind="image/png", name="pass.png")


@guest.get("/<token>/calendar.ics")
@open_to_all
@for_guest
def calendar_entry(visit: Visit) -> Any:
    """For phones and Outlook; the same entry grows with the guest's version."""
    if not visit.guest.is_coming:
        return done(then=url_for("guest.reply", token=visit.token))
    edition = visit.edition
    event = calendar.calendar_file(
        uid=f"{edition.slug}-{visit.guest.id}@yishang",
        title=words.edition_name(edition),
        begins_at=edition.starts_at,
        ends_at=edition.ends_at,
        location=words.venue(edition),
        written_at=visit.guest.replied_at or edition.starts_at,
        description=edition.register_note,
        sequence=visit.guest.version,
    )
    return _file(event, kind="text/calendar; charset=utf-8", name=f"{edition.slug}.ics")


@guest.get("/<token>/letter")
@open_to_all
@for_guest
def letter(visit: Visit) -> Any:
    """What the letter says, in the language it was written in."""
    invitation = conference_queries.invitation(visit.actor, visit.guest)
    return page("portal/guest/letter.html", **_said_to(visit), paper=letters.paper(invitation))


@guest.get("/<token>/notice")
@open_to_all
@for_guest
def notice(visit: Visit) -> Any:
    """What is done with personal information, and by whom."""
    return page("portal/guest/notice.html", **_said_to(visit))


@guest.get("/<token>/mistake")
@open_to_all
@for_guest
def mistake(visit: Visit) -> Any:
    return page("portal/guest/mistake.html", **_said_to(visit))


@guest.post("/<token>/mistake")
@open_to_all
@for_guest
def mistake_post(visit: Visit) -> Any:
    """“我不是某某”: staff are told, and the link shows nothing until they have settled it."""
    actions.not_me(visit.actor, visit.guest)
    return done(then=url_for("guest.reply", token=visit.token))


def _closed(why: Closed) -> Any:
    edition = queries.edition_to_call()
    status = {Closed.UNKNOWN: 404, Closed.WITHDRAWN: 410, Closed.MISTAKEN: 403}[why]
    return page("portal/guest/closed.html", why=why.value, edition=edition, words=words, status=status)


@guest.errorhandler(HouseError)
def _refused(error: HouseError) -> Any:
    """What cannot be done, in the guest's own look; to a page that saves as it goes, as a sentence."""
    sentence = told(error)
    if _saves_as_it_goes():
        response = make_response({"sentence": sentence}, error.status)
    else:
        edition = queries.edition_to_call()
        response = page("portal/guest/refused.html", sentence=sentence, edition=edition, status=error.status)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.wait)
    return response


def _said_to(visit: Visit) -> dict[str, Any]:
    """What every page of a guest says."""
    return {
        "visit": visit,
        "guest": visit.guest,
        "edition": visit.edition,
        "invitation": visit.invitation,
        "host_name": _("大会组委会"),
        "words": words,
        "liaison": visit.invitation.liaison,
        "dear": words.dear(visit.invitation),
    }


def _journey(visit: Visit, form: forms.AnswerForm) -> dict[str, Any]:
    return _said_to(visit) | {
        "form": form,
        "arrival_range": forms.arrival_range(visit.edition),
        "diets": words.DIETS,
        "seen": merging.marks(visit.guest),
        "overtaken": [],
        "keeps_typed": bool(form.errors),
    }


def _has_read_the_notice(visit: Visit) -> bool:
    """Its text stood on the page before the first answer; the version that was shown comes with the answer."""
    return (
        visit.guest.consented_at is not None or request.form.get("consent") == visit.edition.consent_version
    )


def _saves_as_it_goes() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _file(content: bytes, *, kind: str, name: str) -> Any:
    response = make_response(content)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
