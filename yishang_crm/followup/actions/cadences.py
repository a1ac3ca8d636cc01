"""Clocks: when each person is next to be contacted, by the rule of the tier or their own."""

from collections.abc import Iterable, Iterator, Sequence

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import today
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.followup import queries, workdays
from yishang_crm.followup.models import OFFERED_DAYS, Cadence, CadenceRule, Holiday, HolidayKind
from yishang_crm.people.models import Person, Tier

LONGEST = 3650


@action(Permission.FOLLOWUP_LOG)
def start_cadence(actor: Actor, people: Sequence[Person]) -> list[Cadence]:
    """Begin the clocks of people already found for the actor, from today; those that run are left as they are."""
    return [clock for _person, clock, _every in clocks_of(people)]


@action(Permission.PEOPLE_WRITE)
def set_cadence(actor: Actor, person: Person, *, days: int | None) -> Cadence:
    """Contact a person every so many days, whatever their tier; None: by the tier again."""
    if days is not None and not 1 <= days <= LONGEST:
        raise NotPossible(N_("联系间隔请填1到%(most)s天。"), most=LONGEST)
    ((_person, clock, every),) = clocks_of([person])
    about(clock)
    clock.days = days
    last = (clock.last_on, clock.last_interaction_id or 0) if clock.last_on else None
    clock.stand_at(last, every=every)
    return clock


@action(Permission.ADMIN_UNITS)
def seed_cadence_rules(actor: Actor) -> int:
    """Put the offered days into an empty table, flagged until confirmed. Returns how many were added."""
    if queries.rules():
        return 0
    for tier, days in OFFERED_DAYS.items():
        db.session.add(CadenceRule(tier=tier, days=days))
    return len(OFFERED_DAYS)


@action(Permission.ADMIN_UNITS)
def set_cadence_rule(actor: Actor, *, tier: Tier, days: int) -> None:
    """Change and so confirm how often a tier is contacted; it counts from each person's next contact."""
    if not 1 <= days <= LONGEST:
        raise NotPossible(N_("联系间隔请填1到%(most)s天。"), most=LONGEST)
    rule = next((one for one in queries.rules() if one.tier == tier), None) or CadenceRule(
        tier=tier, days=days
    )
    rule.days, rule.state = days, N_("已核定")
    db.session.add(rule)


@action(Permission.ADMIN_UNITS)
def seed_holidays(actor: Actor) -> int:
    """Put the published days off and days worked into an empty table. Returns how many were added."""
    if queries.holidays():
        return 0
    rows = workdays.seed_rows()
    for row in rows:
        kind = HolidayKind.HOLIDAY if row.rest else HolidayKind.WORKDAY
        db.session.add(Holiday(day=row.day, kind=kind, label=row.name))
    return len(rows)


def clocks_of(people: Sequence[Person]) -> Iterator[tuple[Person, Cadence, int]]:
    """Each person with their clock, begun today if it was not, and the days of their tier (within an open action)."""
    running = queries.cadences_of(person.id or 0 for person in people)
    days = queries.days_by_tier()
    for person in people:
        every = days[person.tier]
        clock = running.get(person.id or 0)
        if clock is None:
            clock = Cadence(person_id=person.id or 0, began_on=today(), due_on=today())
            clock.stand_at(None, every=every)
            db.session.add(clock)
        yield person, clock, every


def set_back(person_ids: Iterable[int]) -> None:
    """Set clocks by the contacts that still stand (within an open action)."""
    ids = list(person_ids)
    last = queries.last_contact(ids)
    for person, clock, every in clocks_of(queries.people_in_question(ids)):
        contact = last.get(person.id or 0)
        clock.stand_at((contact.day, contact.id or 0) if contact else None, every=every)
