"""From what a row says to a person to add."""

from typing import Any

from yishang_crm.people.actions.many import Newcomer
from yishang_crm.people.birthdays import from_list
from yishang_crm.people.models.brought import ImportBatch
from yishang_crm.people.queries.assess import GENDERS
from yishang_crm.people.queries.birthdays import birth_columns
from yishang_crm.people.queries.known import cut


def newcomer(batch: ImportBatch, fields: dict[str, Any]) -> Newcomer:
    """With the batch's source and lawful basis, kept by the unit and the one who brought the file."""
    chamber = f"会内职务：{fields['chamber_title']}" if fields.get("chamber_title") else ""
    columns = {
        "name": fields["name"],
        "gender": GENDERS.get(fields.get("gender", "")),
        **birth_columns(from_list(fields.get("birth", ""))),
        "native_place": cut("native_place", fields.get("native_place", "")),
        "native_town": cut("native_town", fields.get("native_town", "")),
        "residence": cut("residence", fields.get("city") or fields.get("region") or ""),
        "industry": cut("industry", fields.get("industry", "")),
        "romanized_name": cut("romanized_name", fields.get("name_en", "")),
        "note": "\n".join(part for part in (chamber, fields.get("note", "")) if part)[:2000],
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
    )
