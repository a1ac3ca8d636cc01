"""The outbox: what waits to leave, what left, what is in doubt; one letter; the mailbox of an installation without a server."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, needs, page
from yishang_crm.core.words import N_
from yishang_crm.outbox import actions, queries, reading, transport
from yishang_crm.outbox.forms import LetterForm
from yishang_crm.outbox.mailbox import Mail, Mailbox
from yishang_crm.outbox.models import Message
from yishang_crm.outbox.queries import Filter
from yishang_crm.outbox.words import paragraphs, placeholders_in

outbox = Blueprint("outbox", __name__, url_prefix="/outbox")

NEWEST = 100


@outbox.get("")
@needs(Permission.OUTBOX_READ)
def index() -> Any:
    wanted, number = reading.filter_of(request.args), asked.page_number(request.args)
    counts = queries.counts(g.actor, wanted)
    found = queries.messages(g.actor, wanted, page=number)
    chosen = next(
        (one for one in found if one.id == asked.number(request.args, "id")), found[0] if found else None
    )
    return page(
        "outbox/index.html",
        wanted=wanted,
        messages=found,
        place=reading.Place.of(number, count=len(found), total=counts[wanted.view]),
        views=reading.views(wanted, counts),
        chips=reading.chips(g.actor, wanted),
        purposes=reading.purposes(),
        units=reading.units(g.actor),
        address=lambda **change: reading.address(wanted, **change),
        params=reading.params(wanted),
        letter=_letter(chosen, wanted) if chosen else None,
        may_release=g.actor.may(Permission.OUTBOX_RELEASE),
        has_mailbox=_mailbox() is not None,
        obstacle=transport.obstacle(current_app.config["SETTINGS"]),
        labels=reading.LABELS,
    )


@outbox.get("/<int:message_id>")
@needs(Permission.OUTBOX_READ)
def show(message_id: int) -> Any:
    wanted = reading.filter_of(request.args)
    message = _found(message_id)
    return page("outbox/show.html", "outbox/_letter.html", **_shown(message, wanted))


def _shown(message: Message, wanted: Filter) -> dict[str, Any]:
    letter = _letter(message, wanted)
    return {"letter": letter, "params": reading.params(wanted), "may_release": g.actor.may(Permission.OUTBOX_RELEASE),
            "labels": reading.LABELS, "list": reading.address(wanted)}  # fmt: skip


def _letter(message: Message, wanted: Filter) -> reading.LetterPage:
    before, after = queries.neighbors(g.actor, wanted, message)
    return reading.letter_page(
        g.actor,
        message,
        before=before,
        after=after,
        troubles=queries.troubles_with(g.actor, message),
        attempts=queries.attempts(g.actor, message),
        mail_from=current_app.config["SETTINGS"].mail_from,
    )


@outbox.get("/<int:message_id>/text")
@needs(Permission.OUTBOX_RELEASE)
def edit(message_id: int) -> Any:
    message = _found(message_id)
    form = LetterForm(obj=message, kept=" ".join(placeholders_in(message.body_text)))
    return page("outbox/edit.html", message=message, form=form)


@outbox.post("/<int:message_id>/text")
@needs(Permission.OUTBOX_RELEASE)
def edit_post(message_id: int) -> Any:
    message = _found(message_id)
    form = LetterForm()
    form.kept.data = " ".join(placeholders_in(message.body_text))
    if not form.validate():
        return page("outbox/edit.html", message=message, form=form, status=422)
    values = form.values
    if values["version"] != message.version:
        conflict = reading.differences(message, values)
        form.version.data = message.version
        return page("outbox/edit.html", message=message, form=form, conflict=conflict, status=409)
    values.pop("kept")
    actions.edit_held(g.actor, message, **values)
    flash(_("已改好，仍在待放行。"), "done")
    return done(then=url_for("outbox.show", message_id=message_id))


# Many at once: the count is restated before anything moves.


@outbox.get("/selection")
@needs(Permission.OUTBOX_RELEASE)
def selection() -> Any:
    """Of what was ticked, or of all that match: how many, a few names, and the button that does it."""
    wanted = reading.selection_of(request.args)
    count = queries.count(g.actor, wanted) if wanted else 0
    if not wanted or not count:
        flash(_("没有选中待放行的信。"), "wait")
        return done(then=url_for("outbox.index"))
    return page(
        "outbox/selection.html",
        act="cancel" if request.args.get("act") == "cancel" else "release",
        count=count,
        sample=queries.messages(g.actor, wanted)[:12],
        fields=reading.fields(wanted),
        back=reading.address(reading.filter_of(request.args)),
        labels=reading.LABELS,
    )


@outbox.post("/releases")
@needs(Permission.OUTBOX_RELEASE)
def release() -> Any:
    wanted = reading.selection_of(request.form) or abort(400)
    mark, count = actions.release(g.actor, wanted, expected=_expected())
    said = ngettext("已放行%(num)s封，正在排队。", "已放行%(num)s封，正在排队。", count)
    _say_with_undo(said, mark=mark)
    return done(then=reading.address(reading.filter_of(request.form)))


@outbox.post("/releases/<mark>/withdrawal")
@needs(Permission.OUTBOX_RELEASE)
def take_back(mark: str) -> Any:
    released = queries.count(g.actor, Filter(view="all", release_mark=mark)) or abort(404)
    held = actions.hold_again(g.actor, Filter(release_mark=mark))
    flash(_("已收回%(held)s封，放回待放行。", held=held), "done")
    if released > held:
        flash(_("另有%(gone)s封已经出门，收不回来。", gone=released - held), "wait")
    return done(then=url_for("outbox.index"))


@outbox.post("/cancellations")
@needs(Permission.OUTBOX_RELEASE)
def cancel_many() -> Any:
    wanted = reading.selection_of(request.form) or abort(400)
    count = actions.cancel_held(
        g.actor, wanted, expected=_expected(), reason=request.form.get("reason", "")[:200]
    )
    flash(_("已作废%(count)s封。", count=count), "done")
    return done(then=reading.address(reading.filter_of(request.form)))


# One letter


@outbox.post("/<int:message_id>/release")
@needs(Permission.OUTBOX_RELEASE)
def release_one(message_id: int) -> Any:
    message = _found(message_id)
    mark, _count = actions.release(g.actor, Filter(ids=(message.id or 0,)), expected=1)
    said = _("已放行给%(name)s的信。", name=message.recipient_name)
    _say_with_undo(said, mark=mark)
    return _back_to_list()


@outbox.post("/<int:message_id>/hold")
@needs(Permission.OUTBOX_RELEASE)
def hold_one(message_id: int) -> Any:
    message = _found(message_id)
    if actions.hold_again(g.actor, Filter(ids=(message.id or 0,))):
        flash(_("已收回，放回待放行。"), "done")
    else:
        flash(_("这封信已经出门，收不回来。"), "wait")
    return done(then=url_for("outbox.show", message_id=message_id))


@outbox.post("/<int:message_id>/cancellation")
@needs(Permission.OUTBOX_RELEASE)
def cancel_one(message_id: int) -> Any:
    message = _found(message_id)
    actions.cancel(g.actor, message, reason=request.form.get("reason", "")[:200])
    flash(_("给%(name)s的信已作废。", name=message.recipient_name), "done")
    return _back_to_list()


@outbox.post("/<int:message_id>/requeue")
@needs(Permission.OUTBOX_RELEASE)
def requeue_one(message_id: int) -> Any:
    actions.requeue(g.actor, _found(message_id))
    flash(_("已重新排队。"), "done")
    return done(then=url_for("outbox.show", message_id=message_id))


@outbox.post("/<int:message_id>/arrival")
@needs(Permission.OUTBOX_RELEASE)
def arrival(message_id: int) -> Any:
    actions.confirm_arrival(g.actor, _found(message_id))
    flash(_("已记为已发。"), "done")
    return done(then=url_for("outbox.show", message_id=message_id))


@outbox.post("/<int:message_id>/return")
@needs(Permission.OUTBOX_RELEASE)
def bounce(message_id: int) -> Any:
    """Somebody found the letter in the mailbox, returned."""
    actions.record_bounce(g.actor, _found(message_id), detail=N_("邮箱收到了退信。"))
    flash(_("已记为退信。"), "done")
    return done(then=url_for("outbox.show", message_id=message_id))


def _say_with_undo(said: str, *, mark: str) -> None:
    told: Any = {"text": said, "undo": url_for("outbox.take_back", mark=mark)}
    flash(told, "done")


def _expected() -> int:
    """How many the page said it would be."""
    said = asked.number(request.form, "expected")
    return -1 if said is None else said


def _found(message_id: int) -> Message:
    return queries.message(g.actor, message_id) or abort(404)


def _back_to_list() -> Any:
    return done(then=reading.address(reading.filter_of(request.form)))


# Without a mail server the letters land here.


@outbox.get("/mailbox")
@needs(Permission.OUTBOX_READ)
def mailbox() -> Any:
    newest = (_mailbox() or abort(404)).newest(NEWEST)
    readable = queries.readable_in_full(g.actor, [mail.message_id for mail in newest])
    return page("outbox/mailbox.html", mails=[mail for mail in newest if mail.message_id in readable])


@outbox.get("/mailbox/<name>")
@needs(Permission.OUTBOX_READ)
def mailbox_letter(name: str) -> Any:
    mail = _mail(name)
    return page("outbox/mail.html", mail=mail, lines=paragraphs(mail.text))


@outbox.get("/mailbox/<name>/<int:number>")
@needs(Permission.OUTBOX_READ)
def mailbox_paper(name: str, number: int) -> Any:
    papers = _mail(name).papers
    if not 0 <= number < len(papers):
        abort(404)
    return reading.download(papers[number])


def _mail(name: str) -> Mail:
    """One that the reader may see. A letter with somebody's way in is for its reader alone: it stays a file on the server."""
    mail = (_mailbox() or abort(404)).mail(name)
    if mail is None or not queries.readable_in_full(g.actor, [mail.message_id]):
        abort(404)
    return mail


def _mailbox() -> Mailbox | None:
    settings = current_app.config["SETTINGS"]
    mine = g.actor.sees_all and settings.smtp_url is None
    return Mailbox.of(settings) if mine else None
