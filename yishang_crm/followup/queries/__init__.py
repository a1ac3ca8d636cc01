"""What can be found in this room, and for whom."""

from yishang_crm.followup.queries.acquaintance import last_contacts
from yishang_crm.followup.queries.cadences import (
    Owed,
    OwedCounts,
    cadence,
    cadences_of,
    days_by_tier,
    last_contact,
    of_people,
    owed,
    owed_counts,
    people_in_question,
    people_without_cadence,
    rules,
)
from yishang_crm.followup.queries.calendar import holidays, work_calendar
from yishang_crm.followup.queries.conditions import is_due, lately_in_touch, was_quiet_for
from yishang_crm.followup.queries.digests import readers_to_tell, settled
from yishang_crm.followup.queries.interactions import (
    Entry,
    TimelinePage,
    channel_counts,
    first_sent,
    interaction,
    kept,
    own_latest,
    participants_of,
    people_in,
    timeline,
)
from yishang_crm.followup.queries.lookup import Colleagues, People
from yishang_crm.followup.queries.tasks import (
    TaskCounts,
    TaskFilters,
    TaskRow,
    count_up_to,
    has_task,
    page_of_tasks,
    promises_to,
    task,
    task_counts,
    tasks_from,
)
from yishang_crm.followup.queries.today import Today, posts_of, today

__all__ = [
    "Colleagues", "Entry", "Owed", "OwedCounts", "People", "TaskCounts", "TaskFilters", "TaskRow", "TimelinePage",
    "Today", "cadence", "cadences_of", "channel_counts", "count_up_to", "days_by_tier", "first_sent", "has_task", "holidays",
    "interaction", "is_due", "kept", "last_contact", "last_contacts", "lately_in_touch", "of_people", "owed", "owed_counts", "own_latest", "page_of_tasks", "participants_of", "people_in", "people_in_question",
    "people_without_cadence", "posts_of", "promises_to", "readers_to_tell", "rules", "settled", "task", "task_counts",
    "tasks_from", "timeline", "today", "was_quiet_for", "work_calendar",
]  # fmt: skip
