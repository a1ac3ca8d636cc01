"""The morning digest of one reader, written once for a day."""

import datetime as dt

from yishang_crm.accounts.models import User
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import action
from yishang_crm.followup import letters, queries
from yishang_crm.followup.models import Digest, DigestState
from yishang_crm.outbox.door import post


@action(Permission.OWN_ACCOUNT)
def send_digest(actor: Actor, user: User, *, day: dt.date, address: str) -> bool:
    """Write the reader's digest, read with the reader's own eyes. False if another process did, or nothing is due."""
    morning = queries.today(actor, day=day)
    is_due = morning.tasks or morning.owed_counts.overdue or morning.has_records_to_check
    state = DigestState.POSTED if is_due else DigestState.NOTHING_DUE
    if (
        not queries.settled(Digest(user_id=user.id or 0, day=day, state=state))
        or state is DigestState.NOTHING_DUE
    ):
        return False
    post(
        actor,
        letters.recipient(user),
        letters.digest(user, morning, address=address),
        hold=False,
        unit_id=None,
    )
    return True


@action(Permission.OWN_ACCOUNT)
def give_up_digest(actor: Actor, user: User, *, day: dt.date) -> None:
    """It could not be written (a wrong address): not tried again this day."""
    queries.settled(Digest(user_id=user.id or 0, day=day, state=DigestState.NOT_POSTED))
