"""What can be found in this room, and for whom."""

from yishang_crm.people.queries.imports import batch, batch_rows, batches
from yishang_crm.people.queries.index import people_matching
from yishang_crm.people.queries.organizations import (
    counties,
    gazetteer,
    organization,
    organization_named,
    organizations_named,
    places,
)
from yishang_crm.people.queries.persons import (
    Card,
    Filters,
    cards,
    contact,
    count_up_to,
    exists_elsewhere,
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
from yishang_crm.people.queries.whereabouts import Whereabouts, whereabouts

__all__ = [
    "Card",
    "Filters",
    "Whereabouts",
    "batch",
    "batch_rows",
    "batches",
    "cards",
    "contact",
    "count_up_to",
    "counties",
    "exists_elsewhere",
    "gazetteer",
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
    "places",
    "post",
    "visible_to",
    "whereabouts",
]  # fmt: skip
