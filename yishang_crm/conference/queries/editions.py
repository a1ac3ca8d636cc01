"""Editions, and the quotas of each: no personal data, open to all staff."""

from collections.abc import Sequence

from sqlmodel import col, select

from yishang_crm.accounts.models import Unit
from yishang_crm.conference.models import Category, Edition, Quota
from yishang_crm.core.db import Moment, db


def editions() -> Sequence[Edition]:
    """All of them, the latest first."""
    return db.session.scalars(select(Edition).order_by(col(Edition.starts_at).desc())).all()


def open_editions() -> Sequence[Edition]:
    """Those that are not closed, the next one first."""
    wanted = select(Edition).where(col(Edition.closed_at).is_(None)).order_by(col(Edition.starts_at))
    return db.session.scalars(wanted).all()


def open_edition() -> Edition | None:
    """The one people are being invited to now."""
    return next(iter(open_editions()), None)


def edition(slug: str) -> Edition | None:
    return db.session.scalars(select(Edition).where(Edition.slug == slug)).one_or_none()


def edition_by_id(edition_id: int) -> Edition:
    """The edition of a guest already found."""
    return db.session.get_one(Edition, edition_id)


def edition_to_change(edition: Edition) -> Edition:
    """The same row, fresh and locked until the transaction ends."""
    wanted = select(Edition).where(Edition.id == edition.id).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def editions_to_follow_up(*, ended_before: Moment) -> Sequence[Edition]:
    """Over, and nobody was asked yet to thank the guests."""
    wanted = select(Edition).where(col(Edition.followed_up_at).is_(None), col(Edition.ends_at) < ended_before)
    return db.session.scalars(wanted.order_by(col(Edition.ends_at))).all()


def quota(edition_id: int, *, unit_id: int, category: Category) -> Quota | None:
    wanted = select(Quota).where(
        Quota.edition_id == edition_id, Quota.unit_id == unit_id, Quota.category == category
    )
    return db.session.scalars(wanted).one_or_none()


def quota_to_change(edition_id: int, *, unit_id: int, category: Category) -> Quota | None:
    """The same row, fresh and locked: others may be taking from it."""
    wanted = select(Quota).where(
        Quota.edition_id == edition_id, Quota.unit_id == unit_id, Quota.category == category
    )
    fresh = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(fresh).one_or_none()


def quotas(edition: Edition, *, unit_ids: Sequence[int] | None = None) -> Sequence[tuple[Quota, Unit]]:
    """Of all units, or of some, in customary order."""
    wanted = (
        select(Quota, Unit)
        .join(Unit, col(Unit.id) == Quota.unit_id)
        .where(Quota.edition_id == edition.id)
        .order_by(col(Unit.display_order), col(Unit.id), col(Quota.category))
    )
    if unit_ids is not None:
        wanted = wanted.where(col(Quota.unit_id).in_(unit_ids))
    return [tuple(row) for row in db.session.execute(wanted)]
