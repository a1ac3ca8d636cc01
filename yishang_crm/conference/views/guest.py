"""One guest: where they stand, what happened, their answer, decisions, letter and link."""

from typing import Any

from flask import flash, g, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from yishang_crm.conference import actions, letters, queries, tokens, wording, words
from yishang_crm.conference.forms import AnswerForm, DecisionForm, ReasonForm
from yishang_crm.conference.models import ANSWERED, Approval, Edition, Guest
from yishang_crm.conference.papers.letters import letter_docx, letter_pdf
from yishang_crm.conference.papers.qr import qr_svg
from yishang_crm.conference.views.blueprint import bp, guest_or_404, paper_file, tabs, value_shown
from yishang_crm.conference.views.trail import lines
from yishang_crm.core.actor import Permission
from yishang_crm.core.db import begin_writing, end_transaction
from yishang_crm.core.web import done, needs, page, two_step

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/<slug>/guests/<int:guest_id>")
@needs(Permission.CONFERENCE_READ)
def guest(slug: str, guest_id: int) -> Any:
    return _page(*guest_or_404(slug, guest_id))


@bp.post("/<slug>/guests/<int:guest_id>/answer")
@needs(Permission.CONFERENCE_RECORD_REPLY)
def record_answer(slug: str, guest_id: int) -> Any:
    edition, guest = guest_or_404(slug, guest_id)
    form = AnswerForm()
    if not form.validate():
        return _page(edition, guest, answer_form=form, status=422)
    if form.version.data != guest.version:
        return _side_by_side(edition, guest, form)
    actions.record_answer(g.actor, guest, **form.said)
    flash(
        _("已满座，记为候补。")
        if guest.waits_since
        else _("已记下答复：%(said)s。", said=words.say(guest.reply)),
        "done",
    )
    return done(then=url_for("conference.guest", slug=slug, guest_id=guest_id))


# Decisions, each an address of its own


@bp.post("/<slug>/guests/<int:guest_id>/approval")
@needs(Permission.CONFERENCE_APPROVE)
def approve(slug: str, guest_id: int) -> Any:
    _edition, guest = guest_or_404(slug, guest_id)
    actions.approve(g.actor, guest, note=DecisionForm().note.data or "")
    flash(_("已审定。"), "done")
    return done(then=url_for("conference.guest", slug=slug, guest_id=guest_id))


@bp.post("/<slug>/guests/<int:guest_id>/reservation")
@needs(Permission.CONFERENCE_APPROVE)
def reserve(slug: str, guest_id: int) -> Any:
    _edition, guest = guest_or_404(slug, guest_id)
    actions.reserve(g.actor, guest, note=DecisionForm().note.data or "")
    flash(_("已列为备选。"), "done")
    return done(then=url_for("conference.guest", slug=slug, guest_id=guest_id))


@bp.post("/<slug>/guests/<int:guest_id>/rejection")
@needs(Permission.CONFERENCE_APPROVE)
def reject(slug: str, guest_id: int) -> Any:
    edition, guest = guest_or_404(slug, guest_id)
    form = ReasonForm()
    if not form.validate():
        return _page(edition, guest, decision_form=form, status=422)
    actions.reject(g.actor, guest, note=form.note.data)
    flash(_("已记下：不予邀请。"), "done")
    return done(then=url_for("conference.guest", slug=slug, guest_id=guest_id))


@bp.post("/<slug>/guests/<int:guest_id>/withdrawal")
@needs(Permission.CONFERENCE_NOMINATE)
def withdraw(slug: str, guest_id: int) -> Any:
    edition, guest = guest_or_404(slug, guest_id)
    form = ReasonForm()
    if not form.validate():
        return _page(edition, guest, decision_form=form, status=422)
    actions.withdraw(g.actor, guest, note=form.note.data)
    flash(_("已撤回。链接和回执码随即失效。"), "done")
    return done(then=url_for("conference.guest", slug=slug, guest_id=guest_id))


# Letter and link


@bp.post("/<slug>/guests/<int:guest_id>/letter")
@needs(Permission.CONFERENCE_LETTER)
def make_letter(slug: str, guest_id: int) -> Any:
    _edition, guest = guest_or_404(slug, guest_id)
    number = actions.make_letter(g.actor, guest)
    flash(_("已制函，%(number)s号。", number=number), "done")
    return done(then=url_for("conference.guest", slug=slug, guest_id=guest_id, _anchor="letter"))


@bp.post("/<slug>/guests/<int:guest_id>/letter/pdf")
@needs(Permission.CONFERENCE_RECORD_REPLY)
@two_step
def letter_as_pdf(slug: str, guest_id: int) -> Any:
    paper, name = _opened_letter(slug, guest_id)
    return paper_file(letter_pdf(paper), kind="application/pdf", name=f"{name}.pdf")


@bp.post("/<slug>/guests/<int:guest_id>/letter/docx")
@needs(Permission.CONFERENCE_RECORD_REPLY)
@two_step
def letter_as_docx(slug: str, guest_id: int) -> Any:
    paper, name = _opened_letter(slug, guest_id)
    return paper_file(letter_docx(paper), kind=WORD, name=f"{name}.docx")


@bp.post("/<slug>/guests/<int:guest_id>/link")
@needs(Permission.CONFERENCE_RECORD_REPLY)
def link(slug: str, guest_id: int) -> Any:
    """The guest's own QR and what to paste into WeChat. A POST, for the opening is recorded."""
    edition, guest = guest_or_404(slug, guest_id)
    one = actions.open_link(g.actor, guest)
    address = letters.reply_url(one.guest)
    return page(
        "conference/link.html",
        "conference/_link.html",
        edition=edition,
        tabs=tabs(edition),
        card=one,
        guest=guest,
        address=address,
        code=tokens.spaced(tokens.reply_code(guest)),
        host=letters.reply_host(),
        text=letters.chat_text(one),
        qr=_code_of(address, label=_("%(name)s的答复二维码", name=one.name)),
    )


def _code_of(address: str, *, label: str) -> Markup:
    """Of a size that a phone reads from a screen."""
    drawn = qr_svg(address, label=label).replace("<svg ", '<svg width="216" height="216" ', 1)
    return Markup(drawn)  # noqa: S704 - drawn by us, the label escaped


def _opened_letter(slug: str, guest_id: int) -> tuple[Any, str]:
    """The opening is recorded and kept before the press begins: no write lock waits for typesetting."""
    _edition, guest = guest_or_404(slug, guest_id)
    begin_writing()
    paper = actions.open_letter(g.actor, guest)
    name = letters.paper_name(queries.invitation(g.actor, guest))
    end_transaction()
    return paper, name


# The page


def _page(edition: Edition, guest: Guest, *, status: int = 200, **shown: Any) -> Any:
    one = queries.invitation(g.actor, guest)
    is_invited = guest.approval == Approval.APPROVED
    number = guest.letter_number
    return page(
        "conference/guest.html",
        edition=edition,
        tabs=tabs(edition),
        guest=guest,
        card=one,
        number=wording.letter_number(edition, number) if number else "",
        lacks=letters.why_not(one) if is_invited and number is None else None,
        message=queries.messages_of(g.actor, [guest]).get(guest.id or 0),
        nominations=queries.nominations(g.actor, guest),
        trail=lines(queries.trail(g.actor, guest)),
        answer_form=shown.get("answer_form") or AnswerForm.of(guest),
        decision_form=shown.get("decision_form") or DecisionForm(formdata=None),
        theirs=shown.get("theirs") or [],
        is_invited=is_invited,
        may_withdraw=guest.stands
        and (g.actor.sees_all or (guest.unit_id in g.actor.unit_ids and not is_invited)),
        status=status,
    )


def _side_by_side(edition: Edition, guest: Guest, form: AnswerForm) -> Any:
    """Somebody answered meanwhile: both stand beside each other; saving again takes what is typed here."""
    stands = AnswerForm.of(guest)
    theirs = [
        {
            "label": form[name].label.text,
            "name": form[name].id,
            "theirs": value_shown(stands[name]),
            "mine": value_shown(form[name]),
        }
        for name in ("reply", *sorted(ANSWERED - {"delegate_phone"}))
        if value_shown(stands[name]) != value_shown(form[name])
    ]
    form.version.data = guest.version
    return _page(edition, guest, answer_form=form, theirs=theirs, status=409)
