"""Whether a search finds: people of a filled world, asked for as they are typed, against what the list answers.

By name, by name with the tail of the phone, or by firm the person is among the first five, unless more than five answer to
it; by full pinyin or initials always among the results (the bars of finding). In a process of its own: `python -m
tests.bench.finding FOLDER`.
"""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import col

from tests.bench.figures import Figure, at_least
from tests.bench.instance import ROOT
from yishang_crm.accounts import actors
from yishang_crm.app import create_app
from yishang_crm.core.actor import HOUSE, Actor
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people import names
from yishang_crm.people.filters import Filters
from yishang_crm.people.models import ContactPoint, Organization, Person, Position
from yishang_crm.people.queries import index, listed, people_by_ids

ASKED, FIRST = 200, 5


def measured(folder: Path) -> list[Figure]:
    """The figures of a world that stands in `folder`."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.finding", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return [Figure(**told) for told in json.loads(done.stdout.splitlines()[-1])]


def found() -> Iterator[Figure]:
    """Shares of the questions that were answered as they should be."""
    bureau = actors.of_login("bureau")
    everybody = list(db.session.scalars(unscoped_for("bench", sa.select(Person.id).order_by(Person.id))))
    people = people_by_ids(HOUSE, random.Random(11).sample(everybody, min(ASKED, len(everybody))))
    first = [stands_first(bureau, one, text) for one in people for text in _typed(one)]
    among = [is_among(bureau, one, text) for one in people for text in _sounds(one)]
    yield at_least(
        f"finding: of {len(first):,} by name, phone or firm among the first five", _share(first), "%", 100
    )
    yield at_least(f"finding: of {len(among):,} by pinyin or initials among all", _share(among), "%", 100)


def stands_first(actor: Actor, person: Person, text: str) -> bool:
    """Among the first five, or more than five answer."""
    answer = listed(actor, Filters(q=text))
    return answer.total > FIRST or person.id in [one.id for one in answer.people[:FIRST]]


def is_among(actor: Actor, person: Person, text: str) -> bool:
    matching = index.people_matching(actor, text)
    if matching is None:
        return False
    key = matching.selected_columns[0]
    asked = matching.where(key == person.id).execution_options(scope=actor.key)
    return db.session.execute(asked).first() is not None


def _typed(person: Person) -> Iterator[str]:
    yield person.name
    yield " ".join(person.name)
    phone = db.session.scalar(
        unscoped_for(
            "bench",
            sa.select(ContactPoint.value).where(
                col(ContactPoint.person_id) == person.id, ContactPoint.rank == 1
            ),
        )
    )
    if phone is not None:
        yield f"{person.name} {str(phone)[-4:]}"
    firm = db.session.scalar(
        unscoped_for(
            "bench",
            sa.select(Organization.name)
            .join(Position, col(Position.organization_id) == Organization.id)
            .where(col(Position.person_id) == person.id, col(Position.until).is_(None))
            .limit(1),
        )
    )
    if firm:
        yield firm


def _sounds(person: Person) -> Iterator[str]:
    yield from names.readings(person.name)[:2]
    yield from names.initials(person.name)[:1]


def _share(answers: list[bool]) -> float:
    return 100 * sum(answers) / len(answers)


if __name__ == "__main__":
    with create_app(Settings(instance=Path(sys.argv[1]), _env_file=None)).app_context():
        print(json.dumps([asdict(figure) for figure in found()]))
