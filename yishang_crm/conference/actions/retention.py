"""Letting go of what an edition needed to know. In bulk, so that the trail does not keep what goes."""

import datetime as dt

from yishang_crm.conference.models import Guest
from yishang_crm.conference.queries import retention as reading
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.bulk import bulk
from yishang_crm.people.models import Person

CHUNK = 500
_NO_JOURNEY = {
    "travel": None, "travel_number": "", "arrival_place": "", "arrives_at": None, "nights": None, "diet": "", "companion_names": "",
}  # fmt: skip


def forget_id_numbers(actor: Actor, *, before: dt.datetime) -> int:
    """ID numbers of those whose last edition ended before a moment. Returns how many."""
    ids = list(reading.people_with_old_id_number(before=before))
    with bulk(actor, Permission.HOUSEKEEPING, "conference.forget_id_numbers") as work:
        for start in range(0, len(ids), CHUNK):
            some = ids[start : start + CHUNK]
            work.update(Person, [{"id": one, "id_number": None, "id_number_index": None} for one in some])
            work.chunk_done()
    return len(ids)


forget_id_numbers.permission = Permission.HOUSEKEEPING  # type: ignore[attr-defined]


def forget_journeys(actor: Actor, *, before: dt.datetime) -> int:
    """How guests of editions long over travelled, what they ate, who came along. How many came along stays. Returns how many."""
    ids = list(reading.guests_with_old_journey(before=before))
    with bulk(actor, Permission.HOUSEKEEPING, "conference.forget_journeys") as work:
        for start in range(0, len(ids), CHUNK):
            work.update(Guest, [{"id": one, **_NO_JOURNEY} for one in ids[start : start + CHUNK]])
            work.chunk_done()
    return len(ids)


forget_journeys.permission = Permission.HOUSEKEEPING  # type: ignore[attr-defined]
