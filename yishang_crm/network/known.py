"""What this room knows of one person: appointments, who is entrusted to whom, introductions made and received, the link."""

from collections.abc import Iterable

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import local, today
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.known import Chapter, Forgetting, Part, Weight, knows
from yishang_crm.core.words import N_
from yishang_crm.followup.queries import known as followup
from yishang_crm.network.models import AppointmentState
from yishang_crm.network.queries import known as reading
from yishang_crm.network.words import SAID

EMPTIED = "已按本人要求删除"
_IN_FORCE = (AppointmentState.APPOINTED, AppointmentState.ENDING, AppointmentState.COMING)


def open_known() -> None:
    """Leave this room's part where the ground looks."""
    knows(Part("network", tell=tell, forget=forget, weigh=weigh, hinders=hinders))


def hinders(_actor: Actor, person_id: int) -> Iterable[NotPossible]:
    rows = reading.rows_of(person_id)
    if any(one.state(today()) in _IN_FORCE for one in rows.appointments):
        yield NotPossible(N_("此人还在聘期内，请先结束聘任。"))
    if any(one.ended_at is None for one in rows.entrusted):
        yield NotPossible(N_("此人还托付给招商伙伴联系，或者自己还受托联系别人，请先收回。"))


def weigh(_actor: Actor, person_id: int) -> Iterable[Weight]:
    rows = reading.rows_of(person_id)
    yield N_("%(count)s份聘任的证书号和说明"), len(rows.appointments)
    yield N_("%(count)s条引荐里的姓名和号码"), len(rows.introductions)


def tell(_actor: Actor, person_id: int) -> Iterable[Chapter]:
    rows = reading.rows_of(person_id)
    yield Chapter(
        N_("聘任"),
        (N_("种类"), N_("证书号"), N_("起"), N_("止"), N_("地区"), N_("产业链")),
        [(SAID[one.kind], one.certificate_number, one.starts_on, one.ends_on, one.region, one.chain)
         for one in rows.appointments],
    )  # fmt: skip
    yield Chapter(
        N_("引荐"),
        (N_("日期"), N_("被引荐人"), N_("单位"), N_("电话"), N_("内容"), N_("答复")),
        [(local(one.proposed_at).date(), one.name, one.organization, one.phone, one.what, one.reason)
         for one in rows.introductions],
    )  # fmt: skip


def forget(_actor: Actor, forgetting: Forgetting) -> None:
    """Terms, kinds and dates stay, so that how many were appointed is still so."""
    rows = reading.rows_of(forgetting.subject_id)
    forgetting.touch(*rows.appointments, *rows.entrusted, *rows.introductions, *rows.links)
    for one in rows.appointments:
        one.certificate_number, one.end_reason = None, EMPTIED if one.end_reason else ""
    for one in rows.entrusted:
        one.end_reason = forgetting.cleaned(one.end_reason)
    for one in rows.introductions:
        if one.partner_id == forgetting.subject_id:
            one.partner_name = EMPTIED
        if one.person_id == forgetting.subject_id:
            one.name, one.organization, one.title, one.phone, one.city = EMPTIED, "", "", None, ""
            one.what, one.reason = EMPTIED, forgetting.cleaned(one.reason)
        else:
            one.what, one.reason = forgetting.cleaned(one.what), forgetting.cleaned(one.reason)
    for task in followup.tasks_from([f"introduction:{one.id}" for one in rows.introductions]):
        forgetting.touch(task)
        task.what = forgetting.cleaned(task.what)
    for link in rows.links:
        if link.is_open:
            link.withdraw(at=forgetting.at)
