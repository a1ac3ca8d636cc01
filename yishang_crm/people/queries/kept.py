"""Saved views, segments and snapshots: who may open them, whom they hold, what came and went between two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts.models import Unit, User
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped
from yishang_crm.people.filters import Filters
from yishang_crm.people.lists.models import Readers, SavedView, Segment, Snapshot, SnapshotMember, Tag
from yishang_crm.people.models import Organization, Person
from yishang_crm.people.models.brought import ImportBatch
from yishang_crm.people.queries.imports import batches_visible_to
from yishang_crm.people.queries.listing import PAGE, conditions
from yishang_crm.people.queries.persons import visible_to
from yishang_crm.people.queries.tagging import visible_to as tags_of

Row = TypeVar("Row", SavedView, Segment, Snapshot)


def open_to(table: type[Row], actor: Actor) -> SelectOfScalar[Row]:
    """One's own, those of colleagues of the same unit who share them with it, and those shared with everyone."""
    kept = scoped(table, actor)
    shared = sa.and_(col(table.readers) == Readers.UNIT, col(table.unit_id) == actor.unit_id)
    own = col(table.user_id) == (actor.id if actor.kind == "user" else -1)
    return kept.where(sa.or_(own, shared, col(table.readers) == Readers.ALL))


# Views


@dataclass
class OpenView:
    """The view that is open above the list."""

    id: int
    name: str
    user_id: int
    version: int
    filters: dict[str, str]
    columns: list[str]


@dataclass
class Layout:
    """How one reader has the list: the columns, the view that is open, if one is, and names for the chips."""

    columns: Sequence[str]
    view: OpenView | None
    labels: "Labels"


def layout(actor: Actor, view_id: int | None, filters: Filters | None = None) -> Layout:
    """Everything that stands round the list, in one statement."""
    own = _own_layout(actor).with_only_columns(col(SavedView.columns)).limit(1).scalar_subquery()
    open_view = open_to(SavedView, actor).where(
        SavedView.id == (view_id or 0), col(SavedView.of_list).is_(False)
    )
    facts = [field.name for field in fields(OpenView)]
    asked = [open_view.with_only_columns(getattr(SavedView, fact)).scalar_subquery() for fact in facts]
    named = _named(actor, filters) if filters is not None else []
    names = [wanted.with_only_columns(label).scalar_subquery() for _key, wanted, label in named]
    row = db.session.execute(sa.select(own, *asked, *names).execution_options(scope=actor.key)).one()
    view = OpenView(*row[1 : len(facts) + 1]) if row[1] is not None else None
    said = zip((key for key, _wanted, _label in named), row[len(facts) + 1 :], strict=True)
    known = {key: str(label) for key, label in said if label is not None}
    return Layout(view.columns if view and view.columns else row[0] or [], view, Labels(known))


def _own_layout(actor: Actor) -> SelectOfScalar[SavedView]:
    return scoped(SavedView, actor).where(SavedView.user_id == actor.id, col(SavedView.of_list).is_(True))


def views(actor: Actor) -> Sequence[SavedView]:
    """One's own first, then the unit's, then everyone's."""
    in_order = open_to(SavedView, actor).where(col(SavedView.of_list).is_(False))
    mine = sa.case(
        (col(SavedView.user_id) == actor.id, 0), (col(SavedView.readers) == Readers.UNIT, 1), else_=2
    )
    return db.session.scalars(in_order.order_by(mine, col(SavedView.id)).limit(60)).all()


def view(actor: Actor, view_id: int) -> SavedView | None:
    wanted = open_to(SavedView, actor).where(SavedView.id == view_id, col(SavedView.of_list).is_(False))
    return db.session.scalars(wanted).one_or_none()


def own_layout(actor: Actor) -> SavedView | None:
    """The row of the reader's own columns."""
    return db.session.scalars(_own_layout(actor)).first()


# Segments


def segments(actor: Actor) -> Sequence[Segment]:
    return db.session.scalars(open_to(Segment, actor).order_by(col(Segment.id).desc()).limit(100)).all()


def segment(actor: Actor, segment_id: int) -> Segment | None:
    return db.session.scalars(open_to(Segment, actor).where(Segment.id == segment_id)).one_or_none()


def in_segment(actor: Actor, text: str) -> Any:
    """The condition `segment=…` of an address; a segment that the reader may not open finds nobody."""
    with_views = sa.and_(
        *open_to(SavedView, actor).where(col(SavedView.of_list).is_(False)).whereclause.clauses
    )
    wanted = open_to(Segment, actor).where(Segment.id == int(text))
    rows = db.session.execute(wanted.outerjoin(SavedView, with_views).add_columns(SavedView)).all()
    if not rows:
        return sa.false()
    return _in_tree(
        actor, rows[0][0].tree, {view.id: Filters.read(view.filters) for _one, view in rows if view}
    )


def in_tree(actor: Actor, tree: Mapping[str, Any]) -> Any:
    """A tree as one condition for one scoped statement. An empty one finds nobody, and so does a view that is gone."""
    return _in_tree(actor, tree, _views_in(actor, [tree]))


def _in_tree(actor: Actor, tree: Mapping[str, Any], known: Mapping[int, Filters]) -> Any:
    groups = [group for group in tree.get("parts", []) if group.get("parts")]
    return _joined(tree, [_group(actor, group, known) for group in groups])


def _views_in(actor: Actor, trees: Sequence[Mapping[str, Any]]) -> dict[int, Filters]:
    leaves = [leaf for tree in trees for group in tree.get("parts", []) for leaf in group.get("parts", [])]
    wanted = {leaf["view"] for leaf in leaves if leaf.get("view")}
    if not wanted:
        return {}
    found = db.session.scalars(open_to(SavedView, actor).where(col(SavedView.id).in_(sorted(wanted)))).all()
    return {one.id or 0: Filters.read(one.filters) for one in found}


def _group(actor: Actor, group: Mapping[str, Any], known: Mapping[int, Filters]) -> Any:
    return _turned(group, _joined(group, [_leaf(actor, leaf, known) for leaf in group["parts"]]))


def _leaf(actor: Actor, leaf: Mapping[str, Any], known: Mapping[int, Filters]) -> Any:
    filters = known.get(leaf["view"]) if leaf.get("view") else Filters.read(leaf.get("filters", {}))
    if filters is None or "segment" in filters.conditions:
        # Not "everybody but nobody": what cannot be known counts for nobody, turned or not.
        return sa.false()
    meant = conditions(actor, filters)
    return _turned(leaf, sa.and_(*meant) if meant else sa.true())


def _turned(part: Mapping[str, Any], condition: Any) -> Any:
    # A person without a gender is not "not male" to SQL, but is to whoever asks.
    return sa.not_(sa.func.coalesce(condition, sa.false())) if part.get("not") else condition


def _joined(part: Mapping[str, Any], conditions: Sequence[Any]) -> Any:
    if not conditions:
        return sa.false()
    return sa.or_(*conditions) if part.get("join") == "or" else sa.and_(*conditions)


def count_of_tree(actor: Actor, tree: Mapping[str, Any], *, most: int) -> int:
    """How many, up to `most` + 1."""
    return counts_of_trees(actor, [tree], most=most)[0]


def counts_of_trees(actor: Actor, trees: Sequence[Mapping[str, Any]], *, most: int) -> list[int]:
    """The same for several; one statement, and one before it where they name saved views."""
    if not trees:
        return []
    known = _views_in(actor, trees)
    sizes = []
    for tree in trees:
        few = (
            visible_to(actor)
            .where(_in_tree(actor, tree, known))
            .with_only_columns(col(Person.id))
            .limit(most + 1)
        )
        sizes.append(sa.select(sa.func.count()).select_from(few.subquery()).scalar_subquery())
    counted = db.session.execute(sa.select(*sizes).execution_options(scope=actor.key)).one()
    return [int(size) for size in counted]


# Snapshots


def snapshots(actor: Actor, *, about: str = "") -> Sequence[Snapshot]:
    """The newest hundred, of one segment or view where asked."""
    wanted = open_to(Snapshot, actor)
    if about:
        wanted = wanted.where(Snapshot.about == about)
    return db.session.scalars(wanted.order_by(col(Snapshot.id).desc()).limit(100)).all()


def snapshot(actor: Actor, snapshot_id: int) -> Snapshot | None:
    return db.session.scalars(open_to(Snapshot, actor).where(Snapshot.id == snapshot_id)).one_or_none()


def in_snapshot(actor: Actor, text: str) -> Any:
    """The condition `snapshot=…` of an address."""
    seen = open_to(Snapshot, actor).with_only_columns(col(Snapshot.id)).where(Snapshot.id == int(text))
    members = sa.select(col(SnapshotMember.person_id)).where(
        col(SnapshotMember.snapshot_id).in_(seen.scalar_subquery())
    )
    return col(Person.id).in_(members.scalar_subquery())


@dataclass
class Difference:
    """Who is in one list and not in another: those the reader may see, and how many more there are.

    `hidden` are out of the reader's scope by now, erased, or went into another record; they are only counted.
    """

    people: Sequence[Person] = ()
    seen: int = 0
    hidden: int = 0


def seen_of(actor: Actor, snapshot: Snapshot, *, page: int = 1) -> Difference:
    """Who stood on a snapshot, fifty at a time."""
    members = sa.select(col(SnapshotMember.person_id)).where(col(SnapshotMember.snapshot_id) == snapshot.id)
    return _difference(actor, members, page=page, total=snapshot.people)


def came(actor: Actor, *, since: Snapshot, until: Snapshot, page: int = 1) -> Difference:
    """Who stands on `until` and did not on `since`; the other way round, who went."""
    return _difference(actor, _only_in(until, since), page=page)


def _only_in(one: Snapshot, other: Snapshot) -> sa.Select[Any]:
    elsewhere = sa.select(col(SnapshotMember.person_id)).where(col(SnapshotMember.snapshot_id) == other.id)
    return sa.select(col(SnapshotMember.person_id)).where(
        col(SnapshotMember.snapshot_id) == one.id,
        col(SnapshotMember.person_id).not_in(elsewhere.scalar_subquery()),
    )


def _difference(actor: Actor, members: sa.Select[Any], *, page: int, total: int | None = None) -> Difference:
    seen = visible_to(actor).where(col(Person.id).in_(members.scalar_subquery()))
    shown = seen.order_by(col(Person.stroke_key), col(Person.id)).limit(PAGE).offset((page - 1) * PAGE)
    counts = sa.select(
        sa.select(sa.func.count())
        .select_from(seen.with_only_columns(col(Person.id)).subquery())
        .scalar_subquery(),
        sa.select(sa.func.count()).select_from(members.subquery()).scalar_subquery(),
    )
    known, everybody = db.session.execute(counts.execution_options(scope=actor.key)).one()
    return Difference(db.session.scalars(shown).all(), known, (everybody if total is None else total) - known)


def ids_matching(actor: Actor, wanted: SelectOfScalar[Person], *, after: int, most: int) -> list[int]:
    """The next ids of a list already narrowed for the actor, in their order."""
    some = wanted.with_only_columns(col(Person.id)).where(col(Person.id) > after)
    found = db.session.execute(
        some.order_by(col(Person.id)).limit(most).execution_options(scope=actor.key)
    ).scalars()
    return [int(one) for one in found]


# Names for chips


@dataclass
class Labels:
    """Names of the rows that filters mean by their ids: `("tag", "5")` → 桐商."""

    known: dict[tuple[str, str], str] = field(default_factory=dict)

    def say(self, name: str, value: str) -> str:
        """Nothing where there is no such row for the reader."""
        return self.known.get((name, value), "")


def labels(actor: Actor, filters: Filters) -> Labels:
    """One statement for all of them; none where no filter means a row."""
    return layout(actor, None, filters).labels if _named(actor, filters) else Labels()


def _named(actor: Actor, filters: Filters) -> list[tuple[tuple[str, str], Any, Any]]:
    """What to look up, each narrowed to its reader: the key of the label, the row, its column."""
    rows: dict[str, tuple[Any, Any, Any]] = {
        "unit": (select(Unit), Unit, Unit.short_name),
        "owner": (scoped(User, actor), User, User.name),
        "tag": (tags_of(actor), Tag, Tag.name),
        "firm": (select(Organization), Organization, _called(Organization)),
        "formerly": (select(Organization), Organization, _called(Organization)),
        "batch": (batches_visible_to(actor), ImportBatch, ImportBatch.file_name),
        "segment": (open_to(Segment, actor), Segment, Segment.name),
        "snapshot": (open_to(Snapshot, actor), Snapshot, Snapshot.name),
    }
    return [
        ((name, value), wanted.where(col(table.id) == int(value)), label)
        for name, (wanted, table, label) in rows.items()
        for value in filters.values(name)
        if value.isdigit()
    ]


def _called(table: type[Organization]) -> Any:
    return sa.case((table.short_name != "", table.short_name), else_=table.name)
