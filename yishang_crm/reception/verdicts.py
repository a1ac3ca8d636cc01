"""What a desk is shown for an arrival: a kind with its word, who it is, what to know, and what a hand may do."""

from dataclasses import asdict, dataclass, field
from typing import Any

from flask_babel import gettext as _

from yishang_crm.conference.models import Guest, Reply
from yishang_crm.core.clock import local, today
from yishang_crm.core.shown import clock, moment
from yishang_crm.reception.models import CheckIn, Hold, Outcome, holds
from yishang_crm.reception.queries import Answer, Party


@dataclass
class Verdict:
    """`kind` is go, hold, stop or "" (neither); `offers` are buttons: label and what they send.

    `walk_in` is the name to begin with where a walk-in may be taken down, None where not.
    """

    kind: str
    word: str
    name: str = ""
    title: str = ""
    rows: list[tuple[str, str]] = field(default_factory=list)
    note: str = ""
    offers: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    walk_in: str | None = None

    def told(self) -> dict[str, Any]:
        """For a program: everything but the buttons."""
        said = asdict(self)
        return {name: said[name] for name in ("kind", "word", "name", "title", "rows", "note")}


def verdict(answer: Answer) -> Verdict:
    """The answer to one sending; the same for every resend of it."""
    if answer.party is not None and answer.check_in.outcome in _OF_A_PARTY:
        return _OF_A_PARTY[answer.check_in.outcome](answer, answer.party)
    return _of_nobody(answer.check_in)


def _of_nobody(check_in: CheckIn) -> Verdict:
    name, title = check_in.name, check_in.title
    if check_in.outcome == Outcome.WALK_IN:
        if not check_in.stands:
            return Verdict("", _("已撤销"), name=name)
        return Verdict(
            "go", _("欢迎"), name=name, title=title or _("临时来宾"), note=_("已记为临时来宾，会后补资料")
        )
    if check_in.outcome == Outcome.UNDONE:
        return Verdict("", _("已撤销"), name=name, title=_("这一位没有报到"))
    if check_in.outcome == Outcome.NOT_UNDONE:
        return Verdict("hold", _("不能撤销"), title=_("本台30秒内没有放行过人。更早的请主管处理。"))
    if check_in.outcome == Outcome.CLOSED:
        return Verdict("stop", _("大会已经结束"), title=_("这一届不再报到。"))
    if check_in.outcome == Outcome.FOREIGN:
        return Verdict("stop", _("不是这一届的凭证"), title=title, note=_("请按姓名、尾号查。"), walk_in="")
    return Verdict(
        "stop", _("没有认出这个码"), title=_("请按姓名、尾号查，查不到就记为临时来宾。"), walk_in=""
    )


def _welcome(answer: Answer, party: Party) -> Verdict:
    if not answer.check_in.stands:
        return _taken_back(answer, party)
    rows = _who_comes(party)
    if party.guest.companions:
        rows.append(_companions_row(party))
    rows.append(_liaison_row(party))
    return Verdict("go", _("欢迎"), *_shown(party), rows=rows, offers=_one_more(party, _("随行到了一位")))


def _hold(_answer: Answer, party: Party) -> Verdict:
    guest = party.guest
    rows = [(_("等级") if hold == Hold.LEVEL_A else _("请核对"), _why(hold)) for hold in holds(guest)]
    rows += [*_who_comes(party), _liaison_row(party)]
    admit = (_("办完，准予入场"), {"guest": str(guest.id), "admitted": "1"})
    return Verdict("hold", _("请稍候"), *_shown(party), rows=rows, offers=[admit])


def _here_already(answer: Answer, party: Party) -> Verdict:
    rows = _who_comes(party)
    if answer.earlier is not None:
        earlier = answer.earlier
        rows = [(_("上次"), f"{_when(earlier)} {earlier.desk}"), (_("经办"), earlier.user_name), *rows]
    offers = _one_more(party, _("这是随行的人"))
    return Verdict("stop", _("已经报到过"), *_shown(party), rows=rows, offers=offers, walk_in="")


def _companion(answer: Answer, party: Party) -> Verdict:
    if not answer.check_in.stands:
        return _taken_back(answer, party)
    here = _("已到") if party.guest.checked_in_at else _("未到")
    too_many = party.companions_came > party.guest.companions
    name, title = _shown(party)
    return Verdict(
        "go",
        _("欢迎"),
        _("%(name)s的随行", name=name),
        title,
        rows=[_companions_row(party), (_("本人"), here)],
        note=_("比登记的多，请告诉主管") if too_many else "",
        offers=_one_more(party, _("又到了一位")),
    )


def _withdrawn(_answer: Answer, party: Party) -> Verdict:
    return Verdict(
        "stop",
        _("邀请已撤回"),
        *_shown(party),
        rows=[_liaison_row(party)],
        note=_("不拒人于门外：可记为临时来宾。"),
        walk_in=party.name,
    )


def _replaced(_answer: Answer, _party: Party) -> Verdict:
    # The name stays unsaid: whoever holds an old code need not be its owner.
    sentence = _("这是旧的凭证。请出示新的，或按姓名、尾号查。")
    return Verdict("stop", _("凭证已换新"), title=sentence, walk_in="")


def _taken_back(answer: Answer, party: Party) -> Verdict:
    undone = answer.earlier or answer.check_in
    if undone.outcome == Outcome.COMPANION:
        name, title = _shown(party)
        return Verdict("", _("已撤销"), _("%(name)s的随行", name=name), title, note=_("少记一位随行"))
    return Verdict("", _("已撤销"), *_shown(party), note=_("这一位改回未报到"))


_OF_A_PARTY = {
    Outcome.ARRIVED: _welcome,
    Outcome.HELD: _hold,
    Outcome.REPEATED: _here_already,
    Outcome.COMPANION: _companion,
    Outcome.WITHDRAWN: _withdrawn,
    Outcome.REPLACED: _replaced,
    Outcome.UNDONE: _taken_back,
}


def _shown(party: Party) -> tuple[str, str]:
    """The name and post of whoever stands there: the delegate, if one was sent."""
    guest = party.guest
    if guest.reply == Reply.DELEGATED and guest.delegate_name:
        return guest.delegate_name, guest.delegate_title
    return party.name, party.post


def _who_comes(party: Party) -> list[tuple[str, str]]:
    guest = party.guest
    if guest.reply == Reply.DELEGATED and guest.delegate_name:
        return [(_("代表"), f"{party.name} {party.post}".strip())]
    return []


def _companions_row(party: Party) -> tuple[str, str]:
    return _("随行"), _("%(came)s / %(all)s位已到", came=party.companions_came, all=party.guest.companions)


def _liaison_row(party: Party) -> tuple[str, str]:
    return _("联络"), " ".join(part for part in (party.unit, party.liaison) if part)


def _one_more(party: Party, label: str) -> list[tuple[str, dict[str, str]]]:
    """A button for a companion, while some are still to come."""
    is_due = party.companions_came < party.guest.companions
    return [(label, {"guest": f"{party.guest.id}-companion"})] if is_due else []


def _why(hold: Hold) -> str:
    return {
        Hold.LEVEL_A: _("A，请领导迎接"),
        Hold.NOT_APPROVED: _("还没有审定"),
        Hold.NO_REPLY: _("还没有答复"),
        Hold.DECLINED: _("答复过不能参加"),
        Hold.NO_DELEGATE: _("委派了人，没有写姓名"),
    }[hold]


def state_of(guest: Guest) -> str:
    """A word for a row of the search: 已到 09:41, 已撤回, or nothing."""
    if guest.checked_in_at:
        return _("已到 %(time)s", time=clock(guest.checked_in_at))
    return _("邀请已撤回") if guest.approval.value == "withdrawn" else ""


def _when(check_in: CheckIn) -> str:
    """The time alone, with the day where it was another."""
    return clock(check_in.at) if local(check_in.at).date() == today() else moment(check_in.at)
