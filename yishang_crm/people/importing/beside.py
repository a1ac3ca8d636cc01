"""What a row tells beside its own fields, and what of it is kept: nothing that was read is dropped without a word.

Kept, in the shape of a row's `fields`: `birth` with its calendar (or a year alone), `phones` that are the person's own,
`phones_of_others` (E.164 → label as written; `phones_beside` are those from columns about somebody else), `more_emails`,
`wechat`, `former_name`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from yishang_crm.core.words import N_
from yishang_crm.people.birthdays import as_listed, from_list
from yishang_crm.people.importing.layout.headers import FIELDS
from yishang_crm.people.importing.problems import Problem
from yishang_crm.people.importing.reading import PersonRow
from yishang_crm.people.importing.returned import MARK, UNTOUCHED
from yishang_crm.people.importing.whose import OWN, is_clear, whose

# What is told together with a field: mended with it, and not written anew where that one was not.
COMPANIONS = {"phones": ("phones_of_others", "phones_beside"), "email": ("more_emails",)}

_NOT_KEPT = {
    "address": N_("地址没有导入，需要的请写进备注。"),
    "id_number": N_("身份证件没有导入，需要的请在其页面登记。"),
    "contact": N_("他人的一栏（推荐人、经办人等）没有导入。"),
    "name_remark": N_("姓名旁的注没有导入，需要的请写进备注。"),
}


def fields_of(row: PersonRow) -> dict[str, Any]:
    """The row's fields with what belongs to them."""
    fields, extras = dict[str, Any](row.fields), row.extras
    labels = extras.get("phone_labels", {})
    said = {phone: labels.get(phone, "") for phone in fields.pop("phones", ())}
    others = {phone: label for phone, label in said.items() if whose(label, phone) != OWN}
    own = [phone for phone in said if phone not in others]
    beside = {phone: label for phone, label in extras.get("others", {}).items() if phone not in said}
    if beside and MARK in fields:
        fields[UNTOUCHED] = [name for name in fields[UNTOUCHED] if name != "phones"]
    told = {
        "birth": _birth(row),
        "phones": own,
        "phones_of_others": others | beside,
        "phones_beside": list(beside),
        "more_emails": extras.get("more_emails"),
        "wechat": extras.get("wechat") or (_national(own) if extras.get("wechat_is_phone") else ""),
        "former_name": extras.get("former_name"),
    }
    return fields | {name: value for name, value in told.items() if value}


def plain_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that the command line promises (`FIELDS`): a birth in digits, and every number of the phones' own columns."""
    told = {name: value for name, value in fields.items() if name in FIELDS}
    born = from_list(fields.get("birth", ""))
    told["birth"] = as_listed(replace(born, is_lunar=False, in_leap_month=False)) if born.month else ""
    beside = fields.get("phones_beside", ())
    others = [phone for phone in fields.get("phones_of_others", ()) if phone not in beside]
    told["phones"] = [*fields.get("phones", ()), *others]
    return {name: value for name, value in told.items() if value}


def remarks_of(row: PersonRow) -> list[Problem]:
    """What was read and is not kept, and what is kept though it is not clear whose it is."""
    extras, labels = row.extras, row.extras.get("phone_labels", {})
    remarks = [
        Problem(N_("号码旁写着“%(label)s”，记作本人的号码，请核对。"), label=label[:20])
        for phone, label in labels.items()
        if whose(label, phone) == OWN and not is_clear(label)
    ]
    if posts := extras.get("other_posts"):
        sentence = N_("另有任职“%(posts)s”没有导入，请在其页面补上。")
        remarks.append(Problem(sentence, posts="、".join(dict.fromkeys(posts))[:80]))
    remarks += [Problem(sentence) for name, sentence in _NOT_KEPT.items() if extras.get(name)]
    if extras.get("more_wechats"):
        remarks.append(Problem(N_("不止一个微信号，只导入了第一个。")))
    return remarks


def phones_said(fields: Mapping[str, Any]) -> str:
    """All numbers of a row in one cell, as they can be read again: +8619900000417、+8619900000888秘书."""
    others = fields.get("phones_of_others", {})
    return "、".join([*fields.get("phones", ()), *(f"{phone}{label}" for phone, label in others.items())])


def _birth(row: PersonRow) -> str:
    told = str(row.fields.get("birth", ""))
    if not told:
        return f"{row.extras.get('birth_year', '')}"
    is_lunar = "birth_calendar" in row.extras
    return as_listed(
        replace(from_list(told), is_lunar=is_lunar, in_leap_month="birth_leap_month" in row.extras)
    )


def _national(phones: list[str]) -> str:
    """微信同手机号: the number as people type it."""
    return next((phone.removeprefix("+86") for phone in phones), "")
