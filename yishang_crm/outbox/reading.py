"""What the pages of the outbox show: filters as addresses, labels, the letter as paragraphs, the list of checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from email.utils import parseaddr
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from flask import Response, make_response, url_for
from flask_babel import gettext as _

from yishang_crm.core import asked
from yishang_crm.core.actor import Actor
from yishang_crm.core.words import N_
from yishang_crm.outbox import registry
from yishang_crm.outbox.models import Attempt, Channel, Message, Outcome, State
from yishang_crm.outbox.queries import PAGE, VIEWS, Filter
from yishang_crm.outbox.registry import Attachment, Check
from yishang_crm.outbox.words import paragraphs, placeholders_in

VIEW_LABELS = {
    "held": N_("待放行"),
    "queued": N_("排队"),
    "sent": N_("已发"),
    "in_doubt": N_("存疑"),
    "failed": N_("失败/退回"),
    "cancelled": N_("作废"),
}

# A word and a shape for each state.
STATES: dict[State, tuple[str, str]] = {
    State.HELD: ("wait", N_("待放行")),
    State.QUEUED: ("info", N_("排队")),
    State.SENDING: ("info", N_("正在发")),
    State.SENT: ("done", N_("已发")),
    State.FAILED: ("late", N_("失败")),
    State.IN_DOUBT: ("wait", N_("存疑")),
    State.CANCELLED: ("off", N_("作废")),
    State.BOUNCED: ("late", N_("退回")),
}

CHANNELS = {
    Channel.EMAIL: N_("邮件"),
    Channel.SMS: N_("短信"),
    Channel.WECHAT: N_("微信"),
    Channel.PAPER: N_("纸质"),
}

OUTCOMES = {
    Outcome.SENT: N_("已交给对方的邮件服务器"),
    Outcome.TEMPORARY: N_("暂时没发成"),
    Outcome.PERMANENT: N_("对方不收"),
    Outcome.IN_DOUBT: N_("不知道对方收到没有"),
    Outcome.NOT_WRITTEN: N_("信没有写成"),
    Outcome.NO_LONGER_WANTED: N_("发出前撤下"),
    Outcome.CONFIRMED: N_("核实已收到"),
    Outcome.REQUEUED: N_("重新排队"),
    Outcome.BOUNCED: N_("被退回"),
}

LABELS = SimpleNamespace(
    state=lambda state: (STATES[state][0], _(STATES[state][1])),
    letter=lambda state: (STATES[state][0], _("信%(state)s", state=_(STATES[state][1]))),
    channel=lambda channel: _(CHANNELS[channel]),
    purpose=lambda name: _(registry.label_of_purpose(name)),
    placeholder=lambda name: _(registry.label_of_placeholder(name)),
    attachment=lambda name: _(registry.label_of_attachment(name)),
    outcome=lambda outcome: _(OUTCOMES[outcome]),
    error=lambda text: _(text) if text else "",
)


def filter_of(values: Mapping[str, str]) -> Filter:
    """What an address says; what it should not say is left out."""
    view = values.get("state", "held")
    return Filter(
        view=view if view in VIEWS else "held",
        purpose=values.get("purpose", "")[:40],
        unit_id=asked.number(values, "unit"),
        q=values.get("q", "").strip()[:80],
    )


def selection_of(values: Any) -> Filter | None:
    """The ticked messages, or with `matching` all held ones that the filters find."""
    wanted = filter_of(values)
    if values.get("matching"):
        return replace(wanted, view="held")
    ids = asked.numbers(values, "id")
    return Filter(ids=tuple(ids[:1000])) if ids else None


def params(wanted: Filter) -> dict[str, Any]:
    """A filter as it stands in an address; what is usual is left out."""
    said = {"state": wanted.view, "purpose": wanted.purpose, "unit": wanted.unit_id, "q": wanted.q}
    return {
        name: value
        for name, value in said.items()
        if value not in ("", None) and (name, value) != ("state", "held")
    }


def address(wanted: Filter, **change: Any) -> str:
    """The list under a filter, with some of it changed."""
    said = params(wanted) | change
    return url_for("outbox.index", **{name: value for name, value in said.items() if value not in ("", None)})


def fields(wanted: Filter) -> list[tuple[str, Any]]:
    """A selection as hidden fields."""
    if wanted.ids:
        return [("id", one) for one in wanted.ids]
    return [("matching", "1"), *params(wanted).items()]


def views(wanted: Filter, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The views above the list; what was cancelled shows only when there is something, or when it is looked at."""
    shown = [name for name in VIEWS if name != "cancelled" or counts[name] or wanted.view == name]
    return [
        {
            "label": _(VIEW_LABELS[name]),
            "href": address(replace(wanted, view=name)),
            "current": name == wanted.view,
            "count": counts[name],
        }
        for name in shown
    ]


def chips(actor: Actor, wanted: Filter) -> list[tuple[str, str, str]]:
    """The filters in force: label, value, and the address without it."""
    found = []
    if wanted.purpose:
        label = _(registry.label_of_purpose(wanted.purpose))
        found.append((_("内容"), label, address(replace(wanted, purpose=""))))
    if wanted.unit_id is not None:
        name = registry.known_units(actor).get(wanted.unit_id, str(wanted.unit_id))
        found.append((_("单位"), name, address(replace(wanted, unit_id=None))))
    if wanted.q:
        found.append((_("查找"), wanted.q, address(replace(wanted, q=""))))
    return found


def purposes() -> list[tuple[str, str]]:
    return [(name, _(label)) for name, label in registry.known_purposes().items()]


def units(actor: Actor) -> list[tuple[int, str]]:
    return list(registry.known_units(actor).items())


@dataclass(frozen=True)
class Place:
    """Where on a list the reader is."""

    number: int
    first: int
    last: int
    total: int

    @classmethod
    def of(cls, number: int, *, count: int, total: int) -> "Place":
        first = (number - 1) * PAGE
        return cls(number=number, first=first + 1 if count else 0, last=first + count, total=total)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))

    @property
    def has_next(self) -> bool:
        return self.last < self.total


@dataclass(frozen=True)
class LetterPage:
    """One letter with all that stands around it."""

    message: Message
    sender: str
    lines: list[Any]
    papers: Sequence[str]
    checks: list[Check]
    attempts: Sequence[Attempt]
    before: int | None
    after: int | None
    about_link: str | None


def letter_page(
    actor: Actor,
    message: Message,
    *,
    before: int | None,
    after: int | None,
    troubles: int,
    attempts: Sequence[Attempt],
    mail_from: str,
) -> LetterPage:
    return LetterPage(
        message=message,
        sender=parseaddr(mail_from)[0] or mail_from,
        lines=paragraphs(message.body_text),
        papers=message.attachments,
        checks=checks(actor, message, troubles=troubles) if message.is_unsent else [],
        attempts=attempts,
        before=before,
        after=after,
        about_link=registry.link_of(message.about),
    )


def checks(actor: Actor, message: Message, *, troubles: int) -> list[Check]:
    """What was looked at for the reader before the letter goes."""
    found = [Check(check.kind, _(check.sentence)) for check in registry.checks_of(actor, message.about)]
    names = placeholders_in(message.body_text, message.body_html)
    if names and registry.filler_of(message.about):
        found.append(Check("done", _("%(count)s个替换项，发出时按本人填入", count=len(names))))
    elif names:
        found.append(Check("late", _("有替换项，却不知道填什么：%(names)s", names="、".join(names))))
    missing = [name for name in message.attachments if registry.maker_of(name) is None]
    if missing:
        found.append(Check("late", _("附件做不出来：%(names)s", names="、".join(missing))))
    found.append(Check("done", _("同一件事没有给他写过第二封")))
    if troubles:
        found.append(Check("wait", _("这个邮箱有过%(count)s次没发成或退信", count=troubles)))
    return found


def differences(message: Message, mine: Mapping[str, Any]) -> list[dict[str, str]]:
    """What stands now beside what was typed, field by field."""
    labels = {"subject": _("主题"), "body_text": _("正文")}
    return [
        {"label": label, "name": name, "theirs": getattr(message, name), "mine": mine[name]}
        for name, label in labels.items()
        if getattr(message, name) != mine[name]
    ]


def download(paper: Attachment) -> Response:
    """A paper of the mailbox; never shown inside our own pages, whatever it says it is."""
    response = make_response(paper.content)
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(paper.name, safe='')}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
