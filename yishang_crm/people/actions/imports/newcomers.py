"""From what a row says to a person to add."""

from typing import Any

from yishang_crm.people.actions.many import Newcomer, OthersPhone
from yishang_crm.people.birthdays import from_list
from yishang_crm.people.importing.whose import holder, whose
from yishang_crm.people.models import ContactLabel
from yishang_crm.people.models.brought import ImportBatch
from yishang_crm.people.queries.additions import MOST_FORMER, MOST_NOTE, names_in, note_with
from yishang_crm.people.queries.assess import GENDERS
from yishang_crm.people.queries.birthdays import birth_columns
from yishang_crm.people.queries.known import cut


def newcomer(batch: ImportBatch, fields: dict[str, Any]) -> Newcomer:
    """With the batch's source and lawful basis, kept by the unit and the one who brought the file."""
    columns = {
        "name": fields["name"],
        "gender": GENDERS.get(fields.get("gender", "")),
        **birth_columns(from_list(fields.get("birth", ""))),
        "native_place": cut("native_place", fields.get("native_place", "")),
        "native_town": cut("native_town", fields.get("native_town", "")),
        "residence": cut("residence", fields.get("city") or fields.get("region") or ""),
        "industry": cut("industry", fields.get("industry", "")),
        "romanized_name": cut("romanized_name", fields.get("name_en", "")),
        "former_names": "、".join(names_in(fields.get("former_name", "")))[:MOST_FORMER],
        "note": note_with("", fields)[:MOST_NOTE],
        "source": batch.source or batch.file_name[:120],
        "lawful_basis": batch.lawful_basis,
    }
    return Newcomer(
        columns=columns,
        unit_id=batch.unit_id,
        user_id=batch.user_id or None,
        organization=fields.get("organization", ""),
        title=fields.get("title", ""),
        phones=fields.get("phones", ()),
        email=fields.get("email", ""),
        more_emails=fields.get("more_emails", ()),
        wechat=fields.get("wechat", ""),
        others=others_in(fields),
    )


def others_in(fields: dict[str, Any]) -> list[OthersPhone]:
    """The numbers of a row that somebody else answers, with whose they are."""
    return [
        OthersPhone(phone, ContactLabel(whose(label, phone)), holder(label))
        for phone, label in fields.get("phones_of_others", {}).items()
    ]
