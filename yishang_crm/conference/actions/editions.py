"""Editions: adding, changing, quotas, the end, and what follows."""

import datetime as dt
from typing import Any

from yishang_crm.accounts.models import Unit
from yishang_crm.conference import queries
from yishang_crm.conference.models import SAVED_MEANWHILE, Category, Edition, Quota
from yishang_crm.conference.queries import Filters
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import local, now, today
from yishang_crm.core.db import db
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.core.words import N_
from yishang_crm.followup import actions as followup
from yishang_crm.followup.queries import work_calendar

FOLLOW_UP_AFTER = dt.timedelta(days=7)  # D+7: one follow-up for each guest (domain.md §2.11)
FOLLOW_UP = N_("%(edition)s会后回访%(name)s：谢到会，落实会上所谈")
EDITABLE = frozenset(
    {
        "number", "name", "name_en", "starts_at", "ends_at", "venue", "venue_en", "register_note", "organizer",
        "organizer_en", "series", "letter_year", "letter_date", "reply_until", "seats", "max_companions",
        "office_phone", "texts", "consent_version",
    }
)  # fmt: skip


@action(Permission.CONFERENCE_MANAGE)
def add_edition(actor: Actor, *, slug: str, **facts: Any) -> Edition:
    """A new edition. Raises `NotPossible` when the slug is taken or the dates make no sense."""
    if queries.edition(slug) is not None:
        raise NotPossible(N_("已经有一届用了“%(slug)s”这个网址。"), slug=slug)
    edition = Edition(slug=slug, **_known(facts))
    edition.must_make_sense()
    db.session.add(edition)
    return edition


@action(Permission.CONFERENCE_MANAGE)
def edit_edition(actor: Actor, edition: Edition, *, version: int | None = None, **facts: Any) -> None:
    """Change an edition's facts. Raises `Stale` when somebody saved in between."""
    edition = queries.edition_to_change(edition)
    edition.must_be_open()
    edition.must_be_at(version)
    for name, value in _known(facts).items():
        setattr(edition, name, value)
    edition.must_make_sense()
    edition.version += 1


@action(Permission.CONFERENCE_MANAGE)
def set_quota(
    actor: Actor, edition: Edition, unit: Unit, *, category: Category, granted: int, was: int | None = None
) -> Quota:
    """Grant a unit so many guests of a category, never fewer than stand already.

    Raises `Stale` when another number than `was` stands; None does not ask.
    """
    edition = queries.edition_to_change(edition)
    edition.must_be_open()
    edition_id, unit_id = edition.id or 0, unit.id or 0
    quota = queries.quota_to_change(edition_id, unit_id=unit_id, category=category)
    if quota is not None and was is not None and quota.granted != was:
        raise Stale(SAVED_MEANWHILE, {"granted": quota.granted})
    if quota is None:
        used = queries.standing(edition_id, unit_id=unit_id, category=category)
        quota = Quota(edition_id=edition_id, unit_id=unit_id, category=category, used=used)
    quota.grant(granted)
    db.session.add(quota)
    return quota


@action(Permission.CONFERENCE_MANAGE)
def close_edition(actor: Actor, edition: Edition) -> int:
    """It is over: whoever said yes and did not come is a no-show. Returns how many."""
    edition = queries.edition_to_change(edition)
    edition.close(at=now())
    said_yes = Filters(approval="approved", reply="coming", onsite="expected")
    missing = queries.all_guests(actor, edition, said_yes)
    for guest in missing:
        guest.miss()
    note(no_shows=len(missing))
    about(edition)
    return len(missing)


@action(Permission.CONFERENCE_MANAGE)
def begin_follow_up(actor: Actor, edition: Edition) -> int:
    """Each guest who came becomes a task of the owning unit, due in a week. Once, however often it is asked."""
    edition = queries.edition_to_change(edition)
    edition.begin_follow_up(at=now())
    due_on = follow_up_day(edition)
    came = queries.cards(actor, queries.all_guests(actor, edition, Filters(onsite="checked_in")))
    for card in came:
        followup.add_task(
            actor,
            what=(FOLLOW_UP % {"name": card.name, "edition": edition.name})[:200],
            person_id=card.person.id,
            unit_id=card.guest.unit_id,
            due_on=due_on,
            origin=card.guest.key,
        )
    note(tasks=len(came))
    about(edition)
    return len(came)


def follow_up_day(edition: Edition) -> dt.date:
    """The first working day a week after the end, or from today on when that is past."""
    from_day = max(local(edition.ends_at).date() + FOLLOW_UP_AFTER, today())
    return work_calendar(around=from_day).workday_from(from_day)


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    unknown = set(facts) - EDITABLE
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    return facts
