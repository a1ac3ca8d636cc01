"""What conferences know of one person: each invitation, answer and journey; told whole, and emptied but for what is counted."""

from collections.abc import Iterable

from yishang_crm.conference.models import Guest
from yishang_crm.conference.queries import known as reading
from yishang_crm.conference.words import SAID
from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import local, now
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.known import Chapter, Forgetting, Part, Weight, knows
from yishang_crm.core.words import N_


def open_known() -> None:
    """Leave this room's part where the ground looks."""
    knows(Part("conference", tell=tell, forget=forget, weigh=weigh, hinders=hinders))


def hinders(_actor: Actor, person_id: int) -> Iterable[NotPossible]:
    for invited in reading.invitations_of(person_id):
        is_over = invited.edition.closed_at or invited.edition.ends_at <= now()
        if invited.guest.stands and not is_over:
            yield NotPossible(
                N_("此人还在%(edition)s的名单上，请先撤回提名或邀请。"), edition=invited.edition.name
            )


def weigh(_actor: Actor, person_id: int) -> Iterable[Weight]:
    yield N_("%(count)s届大会的答复、行程和随行人员"), len(reading.invitations_of(person_id))


def tell(_actor: Actor, person_id: int) -> Iterable[Chapter]:
    for invited in reading.invitations_of(person_id):
        guest = invited.guest
        facts = [
            (N_("类别"), SAID[guest.category]),
            (N_("提名理由"), guest.reason),
            (N_("审定"), SAID[guest.approval]),
            (N_("答复"), SAID[guest.reply]),
            (N_("委托"), f"{guest.delegate_name} {guest.delegate_title}".strip()),
            (N_("委托人电话"), guest.delegate_phone),
            (N_("随行"), guest.companion_names or (str(guest.companions) if guest.companions else "")),
            (
                N_("行程"),
                f"{SAID[guest.travel] if guest.travel else ''} {guest.travel_number} {guest.arrival_place}".strip(),
            ),
            (N_("到达"), f"{local(guest.arrives_at):%Y-%m-%d %H:%M}" if guest.arrives_at else ""),
            (N_("饮食"), guest.diet),
            (N_("告知书"), guest.consent_version),
            (N_("报到"), f"{local(guest.checked_in_at):%Y-%m-%d %H:%M}" if guest.checked_in_at else ""),
        ]
        yield Chapter(invited.edition.name, (N_("项目"), N_("内容")), [row for row in facts if row[1]])


def forget(_actor: Actor, forgetting: Forgetting) -> None:
    """The five states, the unit, the category and the head count stay: figures of an edition are what they were."""
    for invited in reading.invitations_of(forgetting.subject_id):
        _empty(invited.guest, forgetting)
        for nomination in invited.nominations:
            forgetting.touch(nomination)
            nomination.reason = ""
    for guest in reading.guests_with_delegate(forgetting.words):
        forgetting.touch(guest)
        guest.delegate_name = forgetting.cleaned(guest.delegate_name)
        guest.delegate_phone, guest.delegate_title = None, ""


def _empty(guest: Guest, forgetting: Forgetting) -> None:
    forgetting.touch(guest)
    guest.reason = guest.decision_note = guest.decline_reason = ""
    guest.delegate_name = guest.delegate_title = guest.companion_names = ""
    guest.delegate_phone = None
    guest.travel = guest.arrives_at = guest.nights = None
    guest.travel_number = guest.arrival_place = guest.diet = ""
    guest.code_index = None
    guest.token_generation += 1  # the links they hold open nothing
    guest.version += 1
