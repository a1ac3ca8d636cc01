"""What a guest may do beside answering (see `conference.actions.answer`): say that the letter reached somebody else."""

from yishang_crm.conference.models import Guest
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import today
from yishang_crm.core.db import db
from yishang_crm.core.deed import note
from yishang_crm.core.words import N_
from yishang_crm.followup.models import Task
from yishang_crm.portal.guest import queries

MISTAKE = N_(
    "有人打开邀请链接后说“我不是%(name)s”，请核对号码。确是本人就办结本条，链接随即恢复；发错了就撤回或重发。"
)


@action(Permission.CONFERENCE_REPLY)
def not_me(actor: Actor, guest: Guest) -> None:
    """Whoever holds the link is not the guest. The owning unit gets a task; the link is closed until it is settled."""
    about(guest)
    if queries.is_mistaken(actor, guest):
        return
    note(said="not the guest")
    task = Task(
        what=(MISTAKE % {"name": actor.name})[:200],
        person_id=guest.person_id,
        unit_id=guest.unit_id,
        due_on=today(),
        origin=queries.mistake_of(guest),
        created_by=actor.name,
    )
    db.session.add(task)
