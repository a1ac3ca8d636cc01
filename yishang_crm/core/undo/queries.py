"""Acts, for whoever did them; images, within an act that keeps, undoes or forgets."""

from collections.abc import Iterable, Sequence

from sqlmodel import SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.core.undo.models import UNDO_WITHIN, Act, Image

CHUNK = 250


def visible_to(actor: Actor) -> SelectOfScalar[Act]:
    """What one did oneself."""
    return scoped(Act, actor).where(Act.actor == actor.key)


def recent_acts(actor: Actor, *, most: int = 50) -> Sequence[Act]:
    """One's own acts of the last 30 days, newest first."""
    wanted = visible_to(actor).where(col(Act.at) > now() - UNDO_WITHIN)
    return db.session.scalars(wanted.order_by(col(Act.id).desc()).limit(most)).all()


def own_act(actor: Actor, act_id: int) -> Act | None:
    return db.session.scalars(visible_to(actor).where(Act.id == act_id)).one_or_none()


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


def images(act: Act, *, before: int | None, most: int = CHUNK) -> Sequence[Image]:
    wanted = select(Image).where(Image.act_id == act.id)
    if before is not None:
        wanted = wanted.where(col(Image.id) < before)
    return db.session.scalars(
        unscoped_for("undoing", wanted.order_by(col(Image.id).desc()).limit(most))
    ).all()


def images_known_as(rows: Iterable[str]) -> Sequence[Image]:
    """What any act kept of what readers know by these keys."""
    wanted = select(Image).where(col(Image.known_as).in_(list(rows)))
    return db.session.scalars(unscoped_for("erasing", wanted)).all()


def acts_saying(words: Sequence[str]) -> list[Act]:
    """Acts whose sentence holds one of these words. JSON may escape them, so the few kept sentences are read as values."""
    if not words:
        return []
    found = db.session.scalars(unscoped_for("erasing", select(Act).where(col(Act.rows) > 0)))
    return [act for act in found if any(word in str(value) for word in words for value in act.said.values())]
