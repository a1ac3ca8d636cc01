"""What undoing an import would do: whom it takes off, what it puts back, and what it has to leave, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import col

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.words import N_
from yishang_crm.people import uses
from yishang_crm.people.models import ContactLabel, Person
from yishang_crm.people.models.brought import ImageKind, ImportBatch, ImportImage
from yishang_crm.people.queries import prints
from yishang_crm.people.queries.birthdays import OF_BIRTH
from yishang_crm.people.queries.imports import images
from yishang_crm.people.queries.persons import visible_to

AT_ONCE = 500
EDITED = N_("导入以后有人改过，留着")
OUT_OF_SIGHT = N_("此人已不在您负责的范围内，没有动")
FIELD_EDITED = N_("导入以后改过，留着：%(field)s")
# Parts of a person whose marks an image bears, as a page says them; what is not here is no matter of its own.
FIELDS = {
    "name": N_("姓名"), "gender": N_("性别"), "birth_year": N_("出生"), "birth_month": N_("出生"), "birth_day": N_("出生"),
    "birth_calendar": N_("出生"), "birth_in_leap_month": N_("出生"),
    "native_place": N_("籍贯"), "native_town": N_("乡镇街道"), "residence": N_("常驻"), "industry": N_("产业"),
    "romanized_name": N_("外文姓名"), "note": N_("备注"), "former_names": N_("曾用名"), "source": N_("来源"), "name_key": N_("姓名"), "confirmed_at": N_("核对日期"),
    "confirmed_by": N_("核对日期"),
}  # fmt: skip


def contact_part(contact_id: int, label: ContactLabel) -> str:
    """How an image names a contact point: with whose it was when it was written, where that is not the person's own."""
    return f"contact:{contact_id}" + ("" if label == ContactLabel.SELF else f"/{label.value}")


def contact_in(part: str) -> tuple[int, str]:
    """Its id and label."""
    contact_id, _, label = part.partition("/")
    return int(contact_id), label or ContactLabel.SELF.value


@dataclass
class Plan:
    """One image: `back` are the parts to put back (or, for somebody the file brought, all or nothing), `left` why not."""

    image: ImportImage
    back: list[str] = field(default_factory=list)
    left: list[Any] = field(default_factory=list)

    @property
    def is_kept(self) -> bool:
        return not self.back


def plans(actor: Actor, batch: ImportBatch, some: Sequence[ImportImage]) -> list[Plan]:
    """What can be done with these images now. Reads marks only; nothing sealed is opened."""
    salt = f"{batch.id}"
    ids = [image.subject_id for image in some]
    wanted = visible_to(actor).with_only_columns(col(Person.id)).where(col(Person.id).in_(ids))
    seen = set(db.session.execute(wanted).scalars())
    made = [Plan(image) for image in some]
    for plan in made:
        if plan.image.subject_id not in seen:
            plan.left.append(OUT_OF_SIGHT)
    open_plans = [plan for plan in made if not plan.left]
    _plan_created([plan for plan in open_plans if plan.image.kind == ImageKind.CREATED], salt)
    _plan_updated([plan for plan in open_plans if plan.image.kind == ImageKind.UPDATED], salt)
    return made


def _plan_created(made: list[Plan], salt: str) -> None:
    ids = [plan.image.subject_id for plan in made]
    now, in_use = prints.prints_now(ids, salt), uses.people_in_use(ids)
    for plan in made:
        if now.get(plan.image.subject_id) != plan.image.marks["person"]:
            plan.left.append(EDITED)
        plan.left += in_use.get(plan.image.subject_id, [])
        if not plan.left:
            plan.back.append("person")


def _plan_updated(made: list[Plan], salt: str) -> None:
    marks = [(plan, name, *name.split(":", 1)) for plan in made for name in plan.image.marks]
    columns = sorted({part for _plan, _name, kind, part in marks if kind == "column"})
    people = prints.people_now([plan.image.subject_id for plan in made], columns)
    contacts = prints.contacts_now(
        [contact_in(part)[0] for _plan, _name, kind, part in marks if kind == "contact"]
    )
    posts = prints.posts_now([int(part) for _plan, _name, kind, part in marks if kind in ("post", "title")])
    for plan, name, kind, part in marks:
        if kind == "column":
            value, said = people[plan.image.subject_id][part], FIELDS.get(part, part)
            is_gone = False
        elif kind == "contact":
            contact_id, label = contact_in(part)
            row = contacts.get(contact_id)
            is_gone, said = row is None, N_("联系方式")
            as_it_was = row and (row["state"].value, row["label"].value) == ("ok", label)
            value = row["value"] if row and as_it_was else None
        else:
            row = posts.get(int(part))
            is_gone, said = row is None, N_("职务")
            value = row["title"] if row and row["until"] is None else None
        if is_gone:
            continue  # somebody took it off since: nothing is left to take back
        if prints.mark_of(value, salt) == plan.image.marks[name]:
            plan.back.append(name)
        else:
            sentence = {"sentence": FIELD_EDITED, "values": {"field": said}}
            if sentence not in plan.left:
                plan.left.append(sentence)
    for plan in made:
        _keep_births_whole(plan)


def _keep_births_whole(plan: Plan) -> None:
    """A day of which somebody edited one part since is left as it is: half of it put back would be a day nobody told."""
    parts = {f"column:{name}" for name in OF_BIRTH} & plan.image.marks.keys()
    if not parts <= set(plan.back):
        plan.back = [name for name in plan.back if name not in parts]


@dataclass
class Preview:
    """Counts, and the first two hundred of those who are kept: (person id or None, row, sentences)."""

    taken_off: int = 0
    put_back: int = 0
    kept: int = 0
    listed: list[tuple[int | None, int | None, list[Any]]] = field(default_factory=list)


def preview(actor: Actor, batch: ImportBatch) -> Preview:
    """What would be undone, and what would not."""
    told, after = Preview(), 0
    while some := images(actor, batch, after=after, most=AT_ONCE):
        after = some[-1].id or 0
        for plan in plans(actor, batch, [one for one in some if one.kind != ImageKind.ORGANIZATION]):
            if plan.back:
                told.taken_off += plan.image.kind == ImageKind.CREATED
                told.put_back += plan.image.kind == ImageKind.UPDATED
            told.kept += bool(plan.left)
            if plan.left and len(told.listed) < 200:
                seen = None if OUT_OF_SIGHT in plan.left else plan.image.subject_id
                told.listed.append((seen, plan.image.row_id, plan.left))
    return told
