"""Who was introduced by whom, and who is entrusted to whom: ties that `people` draws beside its own."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.words import N_
from yishang_crm.network.models import Entrusted, Introduction, IntroductionState
from yishang_crm.network.queries import entrusted, introductions
from yishang_crm.people.acquaintance import Bond, Tie

MOST = 200


def ties(actor: Actor, ids: Sequence[int]) -> Iterator[Tie]:
    """Accepted introductions and open entrustings that touch these people; two statements."""
    accepted = introductions.visible_to(actor).where(Introduction.state == IntroductionState.ACCEPTED)
    for partner_id, person_id in _pairs(accepted, Introduction, ids):
        yield Tie(partner_id, person_id, Bond.INTRODUCED, N_("他引荐的人"), N_("引荐人"))
    still_open = entrusted.visible_to(actor).where(col(Entrusted.ended_at).is_(None))
    for partner_id, person_id in _pairs(still_open, Entrusted, ids):
        yield Tie(partner_id, person_id, Bond.ENTRUSTED, N_("托付给他联系的人"), N_("受托联系的伙伴"))


def _pairs(
    wanted: Any, table: type[Introduction] | type[Entrusted], ids: Sequence[int]
) -> list[tuple[int, int]]:
    touching = sa.or_(col(table.partner_id).in_(ids), col(table.person_id).in_(ids))
    pairs = wanted.where(touching, col(table.person_id).is_not(None))
    pairs = pairs.with_only_columns(col(table.partner_id), col(table.person_id)).limit(MOST)
    return [(partner_id, person_id) for partner_id, person_id in db.session.execute(pairs)]
