"""Moving birthdays on: once a night, and after many came in at once."""

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.bulk import bulk
from yishang_crm.core.clock import today
from yishang_crm.people import birthdays
from yishang_crm.people.models import Person
from yishang_crm.people.queries import birthdays as reading

CHUNK = 500


def turn_birthdays(actor: Actor) -> int:
    """Write the next birthday where the stored one has passed; returns how many. Twice in a day the second finds nothing.

    A date that never was (a file said so) has no next one, and is looked at again each night in vain.
    """
    day, turned, after = today(), 0, 0
    while found := reading.outdated_birthdays(today=day, after=after, most=CHUNK):
        after = found[-1][0]
        rows = [{"id": person_id, **columns} for person_id, birth in found
                if any((columns := birthdays.columns_of(birth, on_or_after=day)).values())]  # fmt: skip
        if rows:
            with bulk(actor, Permission.HOUSEKEEPING, "people.turn_birthdays") as work:
                work.update(Person, rows)
                work.chunk_done()
        turned += len(rows)
    return turned


turn_birthdays.permission = Permission.HOUSEKEEPING  # type: ignore[attr-defined]
