"""Files of one person, handed over and forgotten with their bytes."""

from collections.abc import Iterable

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import local
from yishang_crm.core.db import db
from yishang_crm.core.known import Chapter, Enclosure, Forgetting, Part, Weight, knows
from yishang_crm.core.words import N_
from yishang_crm.people.files import queries


def open_known() -> None:
    """Leave this part where the ground looks."""
    knows(Part("files", tell=tell, forget=forget, weigh=weigh))


def weigh(_actor: Actor, person_id: int) -> Iterable[Weight]:
    yield N_("%(count)s个文件和照片"), len(queries.all_of(person_id))


def tell(_actor: Actor, person_id: int) -> Iterable[Chapter]:
    rows = [
        (Enclosure(one.name, content.content), one.added_by, local(one.added_at).date())
        for one, content in queries.all_of(person_id)
    ]
    yield Chapter(N_("文件和照片"), (N_("文件"), N_("谁放的"), N_("日期")), rows)


def forget(_actor: Actor, forgetting: Forgetting) -> None:
    for one, content in queries.all_of(forgetting.subject_id):
        forgetting.touch(one, content)
        db.session.delete(content)
        db.session.flush()
        db.session.delete(one)
