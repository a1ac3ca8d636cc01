"""What can be found in this room, and for whom."""

from yishang_crm.people.queries import tally
from yishang_crm.people.queries.alike import Alike, alike, alike_many
from yishang_crm.people.queries.imports import batch, batch_rows, batches
from yishang_crm.people.queries.index import people_matching
from yishang_crm.people.queries.organizations import (
    counties,
    gazetteer,
    organization,
    organization_named,
    organizations_named,
    place_rows,
    places,
)
from yishang_crm.people.queries.persons import (
    Card,
    Filters,
    cards,
    contact,
    count_up_to,
    exists_elsewhere,
    is_kept_by,
    organizations_like,
    page_of_people,
    people_at,
    people_by_ids,
    people_with_id_number,
    person,
    person_parts,
    post,
    visible_to,
)

__all__ = [
    "Alike",
    "Card",
    "Filters",
    "alike",
    "alike_many",
    "batch",
    "batch_rows",
    "batches",
    "cards",
    "contact",
    "count_up_to",
    "counties",
    "exists_elsewhere",
    "gazetteer",
    "is_kept_by",
    "organization",
    "organization_named",
    "organizations_like",
    "organizations_named",
    "page_of_people",
    "people_at",
    "people_by_ids",
    "people_matching",
    "people_with_id_number",
    "person",
    "person_parts",
    "place_rows",
    "places",
    "post",
    "tally",
    "visible_to",
]  # fmt: skip
