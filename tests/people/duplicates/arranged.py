"""People who stand twice, for tests."""

from sqlmodel import SQLModel, col, select

from tests.people.arranged import somebody
from yishang_crm.core.actor import HOUSE, Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people import actions
from yishang_crm.people.duplicates.models import DuplicatePair, MatchKey, MatchProfile
from yishang_crm.people.models import Person

FIRM = "深圳市望岳精密科技有限公司"


def twice(actor: Actor, other: Actor | None = None, **details) -> tuple[Person, Person]:
    """One man in two records: by ear, with another number, at the same firm."""
    one = somebody(actor, "胡明远", phone="19900000811", organization=FIRM)
    two = somebody(
        other or actor, "胡鸣远", **({"phone": "19900000119", "organization": "望岳精密"} | details)
    )
    return one, two


def the_pair(one: Person, two: Person) -> DuplicatePair | None:
    """As the table has it now, whoever looks."""
    wanted = select(DuplicatePair).where(
        col(DuplicatePair.low_id) == min(one.id, two.id), col(DuplicatePair.high_id) == max(one.id, two.id)
    )
    return db.session.scalars(
        unscoped_for("a test looks", wanted.execution_options(populate_existing=True))
    ).one_or_none()


def scan(*, everybody: bool = False) -> dict[str, int]:
    return actions.find_duplicates(HOUSE, everybody=everybody)


def rows(table: type[SQLModel], person_id: int) -> list:
    assert table in (MatchKey, MatchProfile)
    wanted = select(table).where(table.person_id == person_id)
    return list(
        db.session.scalars(unscoped_for("a test looks", wanted.execution_options(populate_existing=True)))
    )
