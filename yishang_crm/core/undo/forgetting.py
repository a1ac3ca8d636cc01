"""What undo keeps is forgotten: after thirty days, and when a person is erased."""

from collections.abc import Iterable

from sqlmodel import col, select

from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.bulk import bulk
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.known import Forgetting
from yishang_crm.core.scope import unscoped_for
from yishang_crm.core.undo.models import UNDO_WITHIN, Act, Image
from yishang_crm.core.undo.queries import acts_saying, images, images_known_as


def forget_old() -> int:
    """For the timetable: after 30 days only the sentence and the count remain. Returns how many acts were forgotten."""
    old = select(Act).where(col(Act.at) < now() - UNDO_WITHIN, col(Act.forgotten_at).is_(None)).limit(200)
    acts = db.session.scalars(unscoped_for("forgetting", old)).all()
    if not acts:
        return 0
    with bulk(HOUSE, Permission.HOUSEKEEPING, "core.undo.forget_old") as work:
        for act in acts:
            while found := images(act, before=None, most=2000):
                work.delete(Image, [image.id or 0 for image in found])
                work.chunk_done()
            work.update(Act, [{"id": act.id, "forgotten_at": now()}])
    return len(acts)


def forget_rows(forgetting: Forgetting, rows: Iterable[str]) -> None:
    """Within an erasure: what undo would bring back of what readers know as `person:5` and the like is deleted, and the
    words leave what the acts say."""
    for image in images_known_as(rows):
        forgetting.touch(image)
        db.session.delete(image)
    for act in acts_saying(forgetting.words):
        forgetting.touch(act)
        act.said = {name: forgetting.cleaned(v) if isinstance(v, str) else v for name, v in act.said.items()}
