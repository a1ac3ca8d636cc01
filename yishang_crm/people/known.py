"""What this room knows of one person, told whole and forgotten (PIPL art. 45, 47)."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import current_app

from yishang_crm.core import deeds
from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import local
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.known import Chapter, Forgetting, Part, Weight, knows
from yishang_crm.core.words import N_
from yishang_crm.people.actions.merging import forget_merges
from yishang_crm.people.exports.making import file_of
from yishang_crm.people.models import ERASED, Person
from yishang_crm.people.queries import of_one as reading
from yishang_crm.people.queries.erased import name_mark
from yishang_crm.people.queries.merging import merged_names
from yishang_crm.people.words import SAID


def open_known() -> None:
    """Leave this room's part where the ground looks."""
    knows(Part("people", tell=tell, forget=forget, weigh=weigh, hinders=hinders))


def hinders(_actor: Actor, person_id: int) -> Iterable[NotPossible]:
    for batch in reading.open_batches_with(person_id):
        yield NotPossible(
            N_("还没处理完的导入“%(file)s”里有此人，请先写入或者作废那份名册。"), file=batch.file_name
        )


def weigh(_actor: Actor, person_id: int) -> Iterable[Weight]:
    rows = reading.rows_of(person_id)
    yield N_("姓名和%(count)s项资料"), len([name for name in _SAID_OF_PERSON if _said(rows.person, name)])
    yield N_("%(count)s个联系方式"), len(rows.contacts)
    yield N_("%(count)s条任职"), len(rows.posts)
    yield N_("%(count)s个还没到期的导出文件"), len(rows.exports_standing)


def tell(_actor: Actor, person_id: int) -> Iterable[Chapter]:
    rows = reading.rows_of(person_id)
    facts = [
        (label, _said(rows.person, name))
        for name, label in _SAID_OF_PERSON.items()
        if _said(rows.person, name)
    ]
    if rows.person.id_number:
        facts.append((N_("证件号码"), rows.person.id_number))
    yield Chapter(N_("基本资料"), (N_("项目"), N_("内容")), facts)
    yield Chapter(
        N_("联系方式"),
        (N_("种类"), N_("谁的"), N_("号码或地址"), N_("状态")),
        [
            (SAID[one.kind], one.holder or SAID[one.label], one.value, SAID[one.state])
            for one in rows.contacts
        ],
    )
    yield Chapter(
        N_("任职"),
        (N_("单位"), N_("职务"), N_("起"), N_("止")),
        [(firm.name, post.title, post.since, post.until) for post, firm in rows.posts],
    )
    yield Chapter(
        N_("由谁联系"),
        (N_("单位"), N_("方式"), N_("自何时")),
        [(unit.name, SAID[steward.kind], local(steward.since).date()) for steward, unit in rows.stewards],
    )
    yield Chapter(
        N_("谁看过未遮盖的号码，谁改过资料"),
        (N_("时间"), N_("谁"), N_("做了什么")),
        [
            (f"{local(at):%Y-%m-%d %H:%M}", who, deeds.told(verb))
            for at, who, verb in reading.deeds_about(person_id)
        ],
    )


def forget(_actor: Actor, forgetting: Forgetting) -> None:
    rows = reading.rows_of(forgetting.subject_id)
    forgetting.touch(rows.person)
    for row in (
        *rows.contacts,
        *(post for post, _ in rows.posts),
        *(steward for steward, _ in rows.stewards),
    ):
        forgetting.touch(row)
        db.session.delete(row)
    for row in reading.import_rows_of(forgetting.subject_id):
        forgetting.touch(row)
        row.fields, row.changes = {}, {}
    forgetting.rows |= forget_merges(forgetting.subject_id)
    for image in reading.images_of(forgetting.subject_id):
        forgetting.touch(image)
        db.session.delete(image)
    for export in rows.exports_standing:  # nobody knows any more who is in which; asking again is easy
        forgetting.touch(export)
        if export.file_name:
            forgetting.files.append(file_of(current_app.config["SETTINGS"], export.file_name))
        export.wipe(at=forgetting.at)
    for export in reading.exports_naming(forgetting.words):
        forgetting.touch(export)
        export.said, export.filters = forgetting.cleaned(export.said), {}
    rows.person.erase(at=forgetting.at)


def words_of(person_id: int) -> list[str]:
    """Names, numbers and addresses by which the person may stand in a text: each in the spellings people use."""
    rows = reading.rows_of(person_id)
    person = rows.person
    names = [person.name, person.traditional_name, person.romanized_name, *_divided(person.former_names)]
    names += merged_names(person_id)
    values = [spelling for contact in rows.contacts for spelling in _spellings(contact.value.whole())]
    values += [contact.typed.whole() for contact in rows.contacts if contact.typed]
    values += [contact.holder for contact in rows.contacts if contact.holder]
    values += [person.id_number.whole()] if person.id_number else []
    return [word for word in dict.fromkeys([*names, *values]) if len(word.strip()) >= 2 and word != ERASED]


def marks_of(person_id: int) -> list[str]:
    """What its fingerprint is kept of: numbers, addresses, and the name beside each firm."""
    rows = reading.rows_of(person_id)
    values = [contact.value.whole() for contact in rows.contacts]
    values += [rows.person.id_number.whole()] if rows.person.id_number else []
    return [*values, *(name_mark(rows.person.name, firm.name) for _, firm in rows.posts)]


def _spellings(value: str) -> Sequence[str]:
    """`+8619900000417`, `19900000417`, `199 0000 0417`, `199-0000-0417`."""
    if not value.startswith("+86") or len(value) != 14:
        return (value,) if not value.startswith("+") else (value, value.removeprefix("+86"))
    short = value[3:]
    parts = (short[:3], short[3:7], short[7:])
    return (value, short, " ".join(parts), "-".join(parts))


def _divided(text: str) -> list[str]:
    for mark in "，、;；/|":
        text = text.replace(mark, ",")
    return [part.strip() for part in text.split(",")]


_SAID_OF_PERSON = {
    "name": N_("姓名"), "traditional_name": N_("繁体姓名"), "romanized_name": N_("外文姓名"), "former_names": N_("曾用名"),
    "gender": N_("性别"), "birth": N_("出生"), "birth_calendar": N_("历法"), "native_place": N_("籍贯"),
    "native_town": N_("乡镇街道"), "residence": N_("常驻"), "industry": N_("产业"), "tier": N_("等级"), "state": N_("状态"),
    "salutation_override": N_("函件尊称"), "note": N_("备注"), "source": N_("来源"), "lawful_basis": N_("依据"),
    "do_not_contact_at": N_("要求不再联系"), "confirmed_at": N_("最近核对"), "created_at": N_("录入时间"),
}  # fmt: skip


def _said(person: Person, name: str) -> str:
    value: Any = getattr(person, name)
    if value is None or value == "" or (name == "birth_calendar" and not person.birth):
        return ""
    if name.endswith("_at"):
        return f"{local(value):%Y-%m-%d %H:%M}"
    return SAID[value] if value in SAID else str(value)
