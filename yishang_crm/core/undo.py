"""Every bulk change can be taken back: before-images beside the batch, sealed, for 30 days.

A room opens `taking_notes` instead of `bulk` and writes through it; it tells once, by `may_be_undone`, who may still
change a row and what must follow when one is put back. What somebody has edited since is left alone, and listed.
"""

import contextlib
import datetime as dt
import enum
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.core.actor import HOUSE, Actor, Permission
from yishang_crm.core.bulk import Bulk, bulk
from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, choice, db
from yishang_crm.core.deed import now_doing
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.core.sealed import EncryptedText, Sealed
from yishang_crm.core.words import N_

UNDO_WITHIN = dt.timedelta(days=30)
CHUNK = 250
MOST_LISTED = 500
Values = Mapping[str, Any]


class Act(Table, table=True):
    """Something one person did to many rows at once. `sentence` is the Chinese source text, `said` fills its %(names)s.

    `left` lists what an undo did not touch: `{"row": "person:5", "why": "edited", "fields": ["tier"]}`.
    """

    __tablename__ = "act"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    verb: str = Field(max_length=80)
    sentence: str = Field(max_length=200)
    said: dict = Field(default_factory=dict, sa_type=sa.JSON)
    permission: str = Field(max_length=40)
    actor: str = Field(max_length=40, index=True)
    actor_name: str = Field(max_length=80)
    at: Moment = Field(default_factory=now, index=True)
    rows: int = 0
    undone_at: Moment | None = None
    restored: int = 0
    left: list = Field(default_factory=list, sa_type=sa.JSON)
    forgotten_at: Moment | None = None

    def may_be_undone(self, *, at: Moment) -> bool:
        return self.undone_at is None and self.forgotten_at is None and at - self.at <= UNDO_WITHIN

    def must_be_undoable(self, *, at: Moment) -> None:
        if self.undone_at:
            raise NotPossible(N_("这次操作已经撤销过了。"))
        if not self.may_be_undone(at=at):
            raise NotPossible(N_("已超过30天，原来的内容不再保留，不能撤销。"))


class Change(enum.StrEnum):
    UPDATED = "updated"
    INSERTED = "inserted"
    DELETED = "deleted"


class Image(Table, table=True):
    """One changed row of an act: the fields as they were and as they became, encrypted."""

    __tablename__ = "act_image"
    __guarded__: ClassVar[bool] = True
    __table_args__ = (sa.Index("ix_act_image_row", "table_name", "row_id"),)

    id: int | None = Field(default=None, primary_key=True)
    act_id: int = Field(foreign_key="act.id", index=True)
    table_name: str = Field(max_length=60)
    row_id: int
    change: Change = Field(sa_column=choice(Change, nullable=False))
    image: Sealed = Field(sa_type=EncryptedText)


@dataclass(frozen=True)
class Rules:
    """Of rows (all columns by name), the ids of those the actor may change now; what follows when some were put back; and
    which row a reader knows one by (`person:5` for a tag on that person)."""

    table: type[SQLModel]
    seen: Callable[[Actor, Sequence[Values]], set[int]]
    follow: Callable[[Sequence[Values]], None] | None = None
    known_as: Callable[[Values], str] | None = None


_rules: dict[str, Rules] = {}

# For rows known as `person:5`: ids to name and address, of those the actor may see.
Names = Callable[[Actor, Sequence[int]], Mapping[int, tuple[str, str]]]
_names: dict[str, Names] = {}


def may_be_undone(
    table: type[SQLModel],
    *,
    seen: Callable[[Actor, Sequence[Values]], set[int]],
    follow: Callable[[Sequence[Values]], None] | None = None,
    known_as: Callable[[Values], str] | None = None,
) -> None:
    """Called once by the room that owns the table, when it is opened."""
    _rules[str(table.__tablename__)] = Rules(table, seen, follow, known_as)


def tell_names(kind: str, names: Names) -> None:
    """How rows known as `kind:5` are named to a reader; called once, when the room is opened."""
    _names[kind] = names


def named(actor: Actor, rows: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Names and addresses of `person:5` and the like, of those the actor may see."""
    ids: dict[str, list[int]] = {}
    for row in rows:
        kind, _, number = row.partition(":")
        ids.setdefault(kind, []).append(int(number))
    return {
        f"{kind}:{row_id}": told
        for kind, some in ids.items()
        if kind in _names
        for row_id, told in _names[kind](actor, some).items()
    }


def visible_to(actor: Actor) -> SelectOfScalar[Act]:
    """What one did oneself."""
    return scoped(Act, actor).where(Act.actor == actor.key)


def recent_acts(actor: Actor, *, most: int = 50) -> Sequence[Act]:
    """One's own acts of the last 30 days, newest first."""
    wanted = visible_to(actor).where(col(Act.at) > now() - UNDO_WITHIN)
    return db.session.scalars(wanted.order_by(col(Act.id).desc()).limit(most)).all()


def own_act(actor: Actor, act_id: int) -> Act | None:
    return db.session.scalars(visible_to(actor).where(Act.id == act_id)).one_or_none()


# Doing


class Notes:
    """Bulk writes that keep what was there before. The rows were found for the actor by whoever writes here."""

    def __init__(self, work: Bulk, act_id: int) -> None:
        self.work, self.act_id, self.rows = work, act_id, 0

    def update(self, table: type[SQLModel], rows: Sequence[Values]) -> int:
        """Change rows by their `id`; what stands so already is left. Raises the version where there is one. How many changed."""
        was = _rows_now(table, [row["id"] for row in rows])
        fresh, images = [], []
        for row in rows:
            before = was.get(row["id"])
            changed = [
                name for name in row if name != "id" and before is not None and before[name] != row[name]
            ]
            if before is None or not changed:
                continue
            fresh.append({"id": row["id"], **{name: row[name] for name in changed}, **_next_version(before)})
            told = {name: [_plain(before[name]), _plain(row[name])] for name in changed}
            images.append(self._image(table, row["id"], Change.UPDATED, told))
        self.work.update(table, fresh)
        self._keep(table, images)
        return len(fresh)

    def insert(self, table: type[SQLModel], rows: Sequence[Values]) -> list[int]:
        """Insert rows; returns their ids in order."""
        ids = self.work.insert(table, rows)
        stand = _rows_now(table, ids)
        told = [(row_id, {name: _plain(value) for name, value in stand[row_id].items()}) for row_id in ids]
        self._keep(table, [self._image(table, row_id, Change.INSERTED, row) for row_id, row in told])
        return ids

    def delete(self, table: type[SQLModel], ids: Sequence[int]) -> int:
        """Delete rows by id. How many there were."""
        was = _rows_now(table, ids)
        told = [(row_id, {name: _plain(value) for name, value in row.items()}) for row_id, row in was.items()]
        self._keep(table, [self._image(table, row_id, Change.DELETED, row) for row_id, row in told])
        self.work.delete(table, list(was))
        return len(was)

    def chunk_done(self) -> None:
        """As of `Bulk`; the act knows how far it came, so that one cut off can be undone, too."""
        self.work.update(Act, [{"id": self.act_id, "rows": self.rows}])
        self.work.chunk_done()

    def _image(self, table: type[SQLModel], row_id: int, change: Change, told: Values) -> dict[str, Any]:
        return {
            "act_id": self.act_id,
            "table_name": str(table.__tablename__),
            "row_id": row_id,
            "change": change,
            "image": Sealed(json.dumps(told, ensure_ascii=False)),
        }

    def _keep(self, table: type[SQLModel], images: Sequence[Values]) -> None:
        if images and str(table.__tablename__) not in _rules:
            raise LookupError(f"{table.__tablename__}: nobody said who may undo it")
        self.work.insert(Image, images)
        self.rows += len(images)


@contextlib.contextmanager
def taking_notes(
    actor: Actor, permission: Permission, verb: str, *, sentence: str, **said: Any
) -> Iterator[Notes]:
    """A bulk action that can be undone for 30 days. `sentence` and `said` are what "my recent acts" shows of it."""
    with bulk(actor, permission, verb) as work:
        act = {
            "verb": verb,
            "sentence": sentence,
            "said": said,
            "permission": permission.value,
            "actor": actor.key,
            "actor_name": actor.name,
        }
        (act_id,) = work.insert(Act, [act])
        deed = now_doing()
        if deed is not None:
            deed.about = work.about = f"act:{act_id}"
        notes = Notes(work, act_id)
        notes.chunk_done()
        yield notes
        notes.chunk_done()


# Undoing


@dataclass
class Undone:
    """What an undo did: rows put back, and what was left with the reason."""

    restored: int
    left: list[dict[str, Any]]


def undo(actor: Actor, act: Act) -> Undone:
    """Put back what an act changed, the last change first; one that was cut off goes on where it stopped.

    Left alone and listed: fields that somebody edited since (`edited`), rows that are gone (`gone`), that the actor may no
    longer change (`hidden`), or that others have come to depend on (`needed`).
    """
    act.must_be_undoable(at=now())
    done = Undone(0, [])
    with bulk(actor, Permission(act.permission), "core.undo", about=f"act:{act.id}") as work:
        before = None
        while images := _images(act, before=before):
            before = images[-1].id
            for some in _alike(images):
                _put_back(actor, work, some, done)
            work.chunk_done()
        end = {"undone_at": now(), "restored": done.restored, "left": done.left[:MOST_LISTED]}
        work.update(Act, [{"id": act.id, **end}])
    return done


undo.permission = Permission.OWN_ACCOUNT  # type: ignore[attr-defined]


def forget_old() -> int:
    """For the timetable: after 30 days only the sentence and the count remain. Returns how many acts were forgotten."""
    old = select(Act).where(col(Act.at) < now() - UNDO_WITHIN, col(Act.forgotten_at).is_(None)).limit(200)
    acts = db.session.scalars(unscoped_for("forgetting", old)).all()
    if not acts:
        return 0
    with bulk(HOUSE, Permission.HOUSEKEEPING, "core.forget_acts") as work:
        for act in acts:
            while images := _images(act, before=None, most=2000):
                work.delete(Image, [image.id or 0 for image in images])
                work.chunk_done()
            work.update(Act, [{"id": act.id, "forgotten_at": now()}])
    return len(acts)


def forget_rows(work: Bulk, table: type[SQLModel], ids: Iterable[int]) -> None:
    """Within an open bulk action: drop the images of rows that are erased, so that no undo brings them back."""
    of_rows = select(Image.id).where(
        Image.table_name == str(table.__tablename__), col(Image.row_id).in_(list(ids))
    )
    work.delete(Image, [int(one or 0) for one in db.session.scalars(unscoped_for("erasing", of_rows))])


def last_change(table: type[SQLModel], row_id: int) -> tuple[str, Moment] | None:
    """Who changed a row by a bulk act last, and when; None if nobody did in the last 30 days."""
    wanted = (
        select(Act.actor_name, Act.at)
        .join(Image, col(Image.act_id) == Act.id)
        .where(Image.table_name == str(table.__tablename__), Image.row_id == row_id)
        .order_by(col(Image.id).desc())
        .limit(1)
    )
    found = db.session.execute(unscoped_for("who saved last", wanted)).first()
    return (str(found[0]), found[1]) if found else None


def _images(act: Act, *, before: int | None, most: int = CHUNK) -> Sequence[Image]:
    wanted = select(Image).where(Image.act_id == act.id)
    if before is not None:
        wanted = wanted.where(col(Image.id) < before)
    return db.session.scalars(
        unscoped_for("undoing", wanted.order_by(col(Image.id).desc()).limit(most))
    ).all()


def _alike(images: Sequence[Image]) -> Iterator[list[Image]]:
    """Neighbors of the same table and kind of change, in order."""
    run: list[Image] = []
    for image in images:
        if run and (run[0].table_name, run[0].change) != (image.table_name, image.change):
            yield run
            run = []
        run.append(image)
    if run:
        yield run


def _put_back(actor: Actor, work: Bulk, images: list[Image], done: Undone) -> None:
    rules = _rules[images[0].table_name]
    told = {image.row_id: json.loads(image.image.whole()) for image in images}
    stand = _rows_now(rules.table, list(told))
    if images[0].change == Change.DELETED:
        rows = {row_id: _row_of(rules.table, values) for row_id, values in told.items()}
    else:
        rows = {row_id: dict(row) for row_id, row in stand.items()}
    seen = rules.seen(actor, list(rows.values()))
    put: list[Values] = []
    for image in images:
        row_id, row = image.row_id, rows.get(image.row_id)
        if row is not None and row_id not in seen:
            done.left.append({"row": _known_as(rules, image, row), "why": "hidden"})
            continue
        one = _Row(image, rules, told[row_id], row, stands=stand.get(row_id))
        if one.put_back(work, done):
            put.append(one.row or {})
    if rules.follow and put:
        rules.follow(put)


def _known_as(rules: Rules, image: Image, row: Values | None) -> str:
    if rules.known_as and row is not None:
        return rules.known_as(row)
    return f"{image.table_name}:{image.row_id}"


@dataclass
class _Row:
    """One row to be put back: what the act did to it, and how it stands now."""

    image: Image
    rules: Rules
    told: Values
    row: Values | None
    stands: Values | None

    def put_back(self, work: Bulk, done: Undone) -> bool:
        way = {Change.UPDATED: self._revert, Change.INSERTED: self._remove, Change.DELETED: self._return}
        return way[self.image.change](work, done)

    def _revert(self, work: Bulk, done: Undone) -> bool:
        if self.row is None:
            return self._leave(done, "gone")
        columns = _columns(self.rules.table)
        back, edited = {}, []
        for name, (was, became) in self.told.items():
            if _plain(self.row[name]) == became:
                back[name] = _back(columns[name], was)
            elif _plain(self.row[name]) != was:  # else it stands as it was: this undo had begun before
                edited.append(name)
        if edited:
            self._leave(done, "edited", edited)
        if back:
            work.update(self.rules.table, [{"id": self.image.row_id, **back, **_next_version(self.row)}])
        done.restored += not edited
        return bool(back)

    def _remove(self, work: Bulk, done: Undone) -> bool:
        if self.row is not None:
            edited = [
                name
                for name, value in self.told.items()
                if name != "version" and name in self.row and _plain(self.row[name]) != value
            ]
            if edited:
                return self._leave(done, "edited", edited)
            if not _holds(lambda: work.delete(self.rules.table, [self.image.row_id])):
                return self._leave(done, "needed")
        done.restored += 1
        return self.row is not None

    def _return(self, work: Bulk, done: Undone) -> bool:
        if self.stands is not None:
            if {name: _plain(value) for name, value in self.stands.items()} != dict(self.told):
                return self._leave(done, "needed")
            done.restored += 1  # this undo had begun before
            return False
        if not _holds(lambda: work.insert(self.rules.table, [self.row or {}])):
            return self._leave(done, "needed")
        done.restored += 1
        return True

    def _leave(self, done: Undone, why: str, fields: Sequence[str] = ()) -> bool:
        left = {"row": _known_as(self.rules, self.image, self.row), "why": why}
        done.left.append(left | ({"fields": sorted(fields)} if fields else {}))
        return False


def _holds(write: Callable[[], object]) -> bool:
    """Whether the database lets it stand; a row that others point at, or whose place is taken, does not go through."""
    try:
        with db.session.begin_nested():
            write()
    except IntegrityError:
        return False
    return True


# Rows as values


def _columns(table: type[SQLModel]) -> dict[str, sa.Column[Any]]:
    return {column.name: column for column in table.__table__.columns}  # type: ignore[attr-defined]


def _rows_now(table: type[SQLModel], ids: Sequence[int]) -> dict[int, Values]:
    """The rows as they stand, held until the transaction ends."""
    columns = _columns(table)
    wanted = sa.select(*columns.values()).where(columns["id"].in_(ids)).with_for_update()
    found = db.session.execute(unscoped_for("before-images", wanted)).mappings()
    return {row["id"]: dict(row) for row in found}


def _row_of(table: type[SQLModel], told: Values) -> dict[str, Any]:
    return {name: _back(column, told[name]) for name, column in _columns(table).items() if name in told}


def _next_version(row: Values) -> dict[str, int]:
    return {"version": row["version"] + 1} if "version" in row else {}


def _plain(value: Any) -> Any:
    if isinstance(value, Sealed):
        return value.whole()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    return value


def _back(column: sa.Column[Any], value: Any) -> Any:
    kind: Any = column.type
    if value is None:
        return None
    if isinstance(kind, sa.Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    impl = getattr(kind, "impl", kind)
    if isinstance(impl, sa.DateTime):
        return dt.datetime.fromisoformat(value)
    if isinstance(impl, sa.Date):
        return dt.date.fromisoformat(value)
    if isinstance(impl, sa.Time):
        return dt.time.fromisoformat(value)
    return Sealed(value) if isinstance(value, str) and kind.__class__.__name__ in _SEALED else value


_SEALED = ("SealedText", "EncryptedText")
