"""What each row of a file would do to the database: create, update, unchanged, conflict, error."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from yishang_crm.accounts.models import Unit
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.core.sealed import Sealed
from yishang_crm.core.words import N_
from yishang_crm.people import names
from yishang_crm.people.models import ContactPoint, Organization, Person, Position, RowOutcome, Stewardship
from yishang_crm.people.queries.erased import find_erased
from yishang_crm.people.queries.persons import visible_to

AT_ONCE = 500

# Row field → column of Person. Posts and contact points are compared apart.
COLUMNS = {
    "gender": "gender",
    "native_place": "native_place",
    "native_town": "native_town",
    "city": "residence",
    "industry": "industry",
    "name_en": "romanized_name",
}
GENDERS = {"男": "male", "女": "female"}


@dataclass
class Assessed:
    """One person's row: what it says, what it would do (`changes`: field → [old, new]), and why not."""

    sheet: str
    row: int
    fields: dict[str, Any]
    outcome: RowOutcome = RowOutcome.CREATE
    person_id: int | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


@dataclass
class _Known:
    person: Person
    phones: set[Sealed] = field(default_factory=set)
    emails: set[Sealed] = field(default_factory=set)
    posts: list[tuple[str, str]] = field(default_factory=list)


def assess(actor: Actor, rows: Iterable[Assessed]) -> list[Assessed]:
    """Decide the outcome of every row against the people the actor may see, and against the rows before it."""
    rows = list(rows)
    for start in range(0, len(rows), AT_ONCE):
        _assess_some(actor, rows[start : start + AT_ONCE])
        find_erased(rows[start : start + AT_ONCE])
    _find_repeated(rows)
    return rows


def _assess_some(actor: Actor, rows: Sequence[Assessed]) -> None:
    phones = {phone for row in rows for phone in _phones(row)}
    keys = {names.simplified_key(row.fields["name"]) for row in rows if row.fields.get("name")}
    known = _known(actor, phones, keys)
    by_phone = {phone: one for one in known for phone in one.phones}
    by_name: dict[str, list[_Known]] = defaultdict(list)
    for one in known:
        by_name[one.person.name_key].append(one)
    elsewhere = {} if actor.sees_all else _elsewhere(phones - set(by_phone))
    for row in rows:
        _decide(row, by_phone, by_name, elsewhere)


def _decide(
    row: Assessed,
    by_phone: dict[Sealed, _Known],
    by_name: dict[str, list[_Known]],
    elsewhere: dict[Sealed, str],
) -> None:
    if not row.fields.get("name"):
        row.outcome = RowOutcome.ERROR
        row.problems.append(N_("没有姓名。"))
        return
    phones = _phones(row)
    key = names.simplified_key(row.fields["name"])
    holders = {id(by_phone[phone]): by_phone[phone] for phone in phones if phone in by_phone}
    if len(holders) > 1:
        row.outcome = RowOutcome.CONFLICT
        row.problems.append(N_("几个号码分属库中几个人，请先核对。"))
        return
    if holders:
        one = next(iter(holders.values()))
        row.person_id = one.person.id
        if one.person.name_key != key:
            row.outcome = RowOutcome.CONFLICT
            row.changes["name"] = [one.person.name, row.fields["name"]]
            row.problems.append(N_("手机与库中一致，姓名不同。"))
            return
        _compare(row, one)
        return
    if other := next((elsewhere[phone] for phone in phones if phone in elsewhere), None):
        row.outcome = RowOutcome.CONFLICT
        row.problems.append(f"库中已有此人，由{other}联系；请找该单位协商共享，不另建。")
        return
    like = [one for one in by_name.get(key, ()) if _is_alike(row, one)]
    if not like:
        row.outcome = RowOutcome.CREATE
        return
    row.person_id = like[0].person.id
    if like[0].phones and phones:
        row.outcome = RowOutcome.CONFLICT
        row.problems.append(N_("与库中同名同单位，手机不同，疑似同一人。"))
        return
    _compare(row, like[0])


def _phones(row: Assessed) -> list[Sealed]:
    # Compared sealed: what the database holds is not opened for the sake of a comparison.
    return [Sealed(phone) for phone in row.fields.get("phones", ())]


def _is_alike(row: Assessed, one: _Known) -> bool:
    firm = names.simplified_key(row.fields.get("organization", ""))
    if firm and any(firm == known for known, _title in one.posts):
        return True
    same_place = row.fields.get("native_place") == one.person.native_place != ""
    birth = row.fields.get("birth", "")
    return bool(same_place and birth and one.person.birth.startswith(birth[:4]))


def _compare(row: Assessed, one: _Known) -> None:
    for name, column in COLUMNS.items():
        new = GENDERS.get(row.fields.get(name, ""), row.fields.get(name, ""))
        old = getattr(one.person, column) or ""
        if new and new != old:
            row.changes[name] = [str(old), row.fields[name]]
    if (birth := row.fields.get("birth", "")) and not one.person.birth.startswith(birth):
        row.changes["birth"] = [one.person.birth, birth]
    fresh = [phone for phone in row.fields.get("phones", ()) if Sealed(phone) not in one.phones]
    if fresh:
        row.changes["phones"] = ["", fresh]
    if (mail := row.fields.get("email")) and Sealed(mail.casefold()) not in one.emails:
        row.changes["email"] = ["", mail]
    if firm := row.fields.get("organization", ""):
        key, title = names.simplified_key(firm), row.fields.get("title", "")
        held = next((held for known, held in one.posts if known == key), None)
        if held is None:
            row.changes["organization"] = ["", firm]
        if title and title != (held or ""):
            row.changes["title"] = [held or "", title]
    row.outcome = RowOutcome.UPDATE if row.changes else RowOutcome.UNCHANGED


def _find_repeated(rows: Sequence[Assessed]) -> None:
    first: dict[tuple[str, str], Assessed] = {}
    for row in rows:
        name = names.simplified_key(row.fields.get("name", ""))
        for phone in row.fields.get("phones", ()):
            before = first.setdefault((name, phone), row)
            if before is not row and row.outcome == RowOutcome.CREATE:
                row.outcome = RowOutcome.CONFLICT if _adds(row, before) else RowOutcome.UNCHANGED
                row.problems.append(f"与第{before.row}行是同一人。")
                break


def _adds(row: Assessed, before: Assessed) -> bool:
    return any(
        value and value != before.fields.get(name) for name, value in row.fields.items() if name != "note"
    )


def _known(actor: Actor, phones: set[Sealed], keys: set[str]) -> list[_Known]:
    held = select(ContactPoint.person_id).where(col(ContactPoint.value).in_(phones))
    wanted = visible_to(actor).where(sa.or_(col(Person.name_key).in_(keys), col(Person.id).in_(held)))
    known = {person.id: _Known(person) for person in db.session.scalars(wanted)}
    ids = list(known)
    for contact in db.session.scalars(
        scoped(ContactPoint, actor).where(col(ContactPoint.person_id).in_(ids))
    ):
        one = known[contact.person_id]
        (one.phones if contact.is_phone else one.emails).add(contact.value)
    posts = scoped(Position, actor).join(Organization, col(Organization.id) == Position.organization_id)
    posts = posts.add_columns(Organization.name_key).where(col(Position.person_id).in_(ids))
    for post, key in db.session.execute(posts):
        known[post.person_id].posts.append((key, post.title))
    return list(known.values())


def _elsewhere(phones: set[Sealed]) -> dict[Sealed, str]:
    wanted = (
        select(ContactPoint.value, Unit.name)
        .join(Stewardship, col(Stewardship.person_id) == ContactPoint.person_id)
        .join(Unit, col(Unit.id) == Stewardship.unit_id)
        .where(col(ContactPoint.value).in_(phones))
        .order_by(col(Stewardship.answerable))
    )
    rows = db.session.execute(unscoped_for("whom to ask", wanted))
    return dict(rows.all())
