"""Updates of a file, many at once: the row's new values, the trail of each person, and the image that undo needs."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from yishang_crm.core.actor import Actor
from yishang_crm.core.audit import leave_entry
from yishang_crm.core.bulk import Bulk
from yishang_crm.core.deed import Deed
from yishang_crm.core.sealed import Sealed
from yishang_crm.people import names
from yishang_crm.people.actions.contacts import phone_kind
from yishang_crm.people.actions.imports.newcomers import others_in
from yishang_crm.people.actions.many import organization_key
from yishang_crm.people.birthdays import from_list
from yishang_crm.people.models import ContactKind, ContactLabel, ContactPoint, Person, Position
from yishang_crm.people.models.brought import ImageKind, ImportBatch, ImportImage
from yishang_crm.people.queries import index, prints, undo
from yishang_crm.people.queries.additions import note_with
from yishang_crm.people.queries.assess import GENDERS, Assessed
from yishang_crm.people.queries.birthdays import birth_columns
from yishang_crm.people.queries.known import COLUMNS, Known


@dataclass
class Update:
    """One row that changes a person: `columns` and `titles` (post id → title) with old and new.

    `confirmed_at`: the row came back in a yearly return, and from then on the record counts as confirmed.
    """

    row_id: int
    row: Assessed
    columns: dict[str, list[Any]] = field(default_factory=dict)
    titles: dict[int, list[str]] = field(default_factory=dict)
    contacts: list[dict[str, Any]] = field(default_factory=list)
    post: dict[str, Any] | None = None
    fresh: dict[str, Any] = field(default_factory=dict)
    confirmed_at: dt.datetime | None = None

    @property
    def known(self) -> Known:
        if self.row.met is None or self.row.met.person_id is None:
            raise ValueError("an update without a person")
        return self.row.met

    @property
    def person_id(self) -> int:
        return self.known.person_id or 0


def update_many(
    work: Bulk, actor: Actor, batch: ImportBatch, updates: Sequence[Update], organizations: dict[str, int]
) -> None:
    """Write these updates (within an open bulk action); their firms are in `organizations`."""
    if not updates:
        return
    for one in updates:
        _work_out(one, batch, organizations)
        if one.confirmed_at:
            at, by = one.known.confirmed
            one.columns |= {"confirmed_at": [at, one.confirmed_at], "confirmed_by": [by, actor.name]}
    _write_columns(work, updates)
    contacts = [(one, contact) for one in updates for contact in one.contacts]
    for (one, contact), contact_id in zip(
        contacts, work.insert(ContactPoint, [contact for _one, contact in contacts]), strict=True
    ):
        one.fresh[undo.contact_part(contact_id, contact["label"])] = contact["value"]
    posts = [(one, one.post) for one in updates if one.post]
    for (one, post), post_id in zip(
        posts, work.insert(Position, [post for _one, post in posts]), strict=True
    ):
        one.fresh[f"post:{post_id}"] = post["title"]
    titles = [{"id": post_id, "title": new} for one in updates for post_id, (_old, new) in one.titles.items()]
    work.update(Position, titles)
    index.refresh(one.person_id for one in updates)
    work.insert(ImportImage, [_image(one, batch) for one in updates])
    for one in updates:
        _leave_trace(actor, one, batch)


def _write_columns(work: Bulk, updates: Sequence[Update]) -> None:
    work.update(
        Person,
        [
            {
                "id": one.person_id,
                **{name: new for name, (_old, new) in one.columns.items()},
                "version": one.known.version + 1,
            }
            for one in updates
        ],
    )


def _work_out(one: Update, batch: ImportBatch, organizations: dict[str, int]) -> None:
    known, fields, changes = one.known, one.row.fields, one.row.changes
    for name, (old, new) in changes.items():
        if name in COLUMNS:
            one.columns[COLUMNS[name]] = [GENDERS.get(old, old or None) if name == "gender" else old,
                                          GENDERS.get(new, new)]  # fmt: skip
    if "name" in changes:
        key = names.simplified_key(fields["name"])[:60]
        one.columns |= {"name": [known.name, fields["name"][:60]], "name_key": [known.key, key]}
    if "birth" in changes:
        # All of them, also those that stay: together they are one day.
        old_birth, new_birth = birth_columns(known.born), birth_columns(from_list(changes["birth"][1]))
        one.columns |= {name: [old_birth[name], new] for name, new in new_birth.items()}
    if changes and not known.source:
        one.columns["source"] = ["", (batch.source or batch.file_name)[:120]]
    if "former_name" in changes:
        one.columns["former_names"] = list(changes["former_name"])
    more: dict[str, Any] = {name: changes[name][1] for name in ("chamber_title", "note") if name in changes}
    if more:
        one.columns["note"] = [known.note, note_with(known.note, more)]
    _work_out_contacts(one)
    _work_out_posts(one, organizations)


def _work_out_posts(one: Update, organizations: dict[str, int]) -> None:
    fields, changes = one.row.fields, one.row.changes
    title = fields.get("title", "")[:80]
    if "organization" in changes:
        firm = organizations[organization_key(fields["organization"])]
        one.post = {"person_id": one.person_id, "organization_id": firm, "title": title}
    elif "title" in changes:
        key = organization_key(fields["organization"])
        post = next(post for post in one.known.posts if post.key == key)
        one.titles[post.id or 0] = [post.title, title]


def _work_out_contacts(one: Update) -> None:
    fields, changes = one.row.fields, one.row.changes
    for phone in changes.get("phones", ["", ()])[1]:
        one.contacts.append(_contact(one.person_id, phone_kind(phone), phone, typed=phone))
    mails = [*changes.get("email", ["", ""])[1:], *changes.get("more_emails", ["", ()])[1]]
    for mail in filter(None, mails):
        one.contacts.append(_contact(one.person_id, ContactKind.EMAIL, mail.casefold(), typed=mail))
    if "wechat" in changes:
        wechat = changes["wechat"][1]
        one.contacts.append(_contact(one.person_id, ContactKind.WECHAT, wechat, typed=wechat))
    fresh = changes.get("phones_of_others", ["", ()])[1]
    for other in others_in(fields):
        if other.phone in fresh:
            contact = _contact(one.person_id, phone_kind(other.phone), other.phone, typed=other.phone)
            one.contacts.append(contact | {"label": other.label, "holder": other.holder})


def _contact(person_id: int, kind: ContactKind, value: str, *, typed: str) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "kind": kind,
        "value": Sealed(value),
        "typed": Sealed(typed),
        "label": ContactLabel.SELF,
        "holder": "",
    }


def _image(one: Update, batch: ImportBatch) -> dict[str, Any]:
    salt = f"{batch.id}"
    before = {f"column:{name}": prints.plain(old) for name, (old, _new) in one.columns.items()}
    before |= {f"title:{post_id}": old for post_id, (old, _new) in one.titles.items()}
    after = {f"column:{name}": new for name, (_old, new) in one.columns.items()}
    after |= {f"title:{post_id}": new for post_id, (_old, new) in one.titles.items()}
    after |= one.fresh
    return {
        "batch_id": batch.id,
        "row_id": one.row_id,
        "kind": ImageKind.UPDATED,
        "subject_id": one.person_id,
        "before": Sealed(json.dumps(before, ensure_ascii=False)),
        "marks": {name: prints.mark_of(value, salt) for name, value in after.items()},
    }


def _leave_trace(actor: Actor, one: Update, batch: ImportBatch) -> None:
    """One entry on the person, with old and new values, as if somebody had typed them."""
    told: dict[str, dict[str, list[Any]]] = {}
    if one.columns:
        told[f"person:{one.person_id}"] = {
            name: [prints.plain(old), prints.plain(new)]
            for name, (old, new) in one.columns.items()
            if old != new
        }
    for post_id, change in one.titles.items():
        told[f"position:{post_id}"] = {"title": list(change)}
    for name, value in one.fresh.items():
        kind, _, part = name.partition(":")
        row_id = part.partition("/")[0]
        row = f"contact_point:{row_id}" if kind == "contact" else f"position:{row_id}"
        told[row] = {"value" if kind == "contact" else "title": [None, str(value)]}
    deed = Deed(actor, "people.update_from_file", about=f"person:{one.person_id}", changes=told)
    deed.note = {"batch": batch.id, "row": one.row.row}
    leave_entry(deed)
