"""Adding many people at once, within an open bulk action: an import, or a demo world."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from yishang_crm.core.bulk import Bulk
from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment
from yishang_crm.core.sealed import Sealed
from yishang_crm.people import names, queries, search_terms
from yishang_crm.people.actions.contacts import phone_kind
from yishang_crm.people.actions.persons import kind_of, short_name
from yishang_crm.people.models import (
    ContactKind,
    ContactLabel,
    ContactPoint,
    Organization,
    Person,
    Position,
    Stewardship,
    StewardshipKind,
)
from yishang_crm.people.queries.index import told_by_name, write_rows


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person to add: `columns` of Person (name at least), one post, phones in E.164, who keeps them."""

    columns: dict[str, Any]
    unit_id: int
    user_id: int | None = None
    organization: str = ""
    title: str = ""
    phones: Sequence[str] = field(default_factory=tuple)
    email: str = ""


def create_many(work: Bulk, newcomers: Sequence[Newcomer], organizations: dict[str, int]) -> list[int]:
    """Add these people with posts, contact points, stewards and search index; returns their ids in order.

    `organizations` (comparison key → id) is filled as it goes, so that a whole file looks each firm up once.
    """
    if not newcomers:
        return []
    at = now()
    ids = work.insert(Person, [_columns(one, at) for one in newcomers])
    _find_organizations(work, newcomers, organizations)
    pairs = list(zip(ids, newcomers, strict=True))
    work.insert(
        Position, [_post(person_id, one, organizations) for person_id, one in pairs if one.organization]
    )
    work.insert(ContactPoint, [row for person_id, one in pairs for row in _contacts(person_id, one)])
    work.insert(Stewardship, [_steward(person_id, one, at) for person_id, one in pairs])
    write_rows([(person_id, _terms(one)) for person_id, one in pairs])
    return ids


def _columns(one: Newcomer, at: Moment) -> dict[str, Any]:
    name = one.columns["name"][:60]
    told = {
        "has_phone": bool(one.phones),
        "has_mail": bool(one.email),
        "home_unit_id": one.unit_id,
        **told_by_name(name),
    }
    return {
        "created_at": at,
        **one.columns,
        "name": name,
        "name_key": names.simplified_key(name)[:60],
        **told,
    }


def _post(person_id: int, one: Newcomer, organizations: dict[str, int]) -> dict[str, Any]:
    firm = organizations[names.simplified_key(one.organization)]
    return {"person_id": person_id, "organization_id": firm, "title": one.title[:80]}


def _contacts(person_id: int, one: Newcomer) -> Iterable[dict[str, Any]]:
    values = [(phone_kind(phone), phone) for phone in one.phones]
    if one.email:
        values.append((ContactKind.EMAIL, one.email.casefold()))
    for rank, (kind, text) in enumerate(values, 1):
        yield {
            "person_id": person_id,
            "kind": kind,
            "value": Sealed(text),
            "rank": rank,
            "label": ContactLabel.SELF,
        }


def _steward(person_id: int, one: Newcomer, at: Moment) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "unit_id": one.unit_id,
        "user_id": one.user_id,
        "kind": StewardshipKind.STEWARD,
        "answerable": True,
        "since": at,
    }


def _terms(one: Newcomer) -> search_terms.SearchTerms:
    firm = one.organization
    return search_terms.person_terms(
        one.columns["name"],
        romanized=[one.columns.get("romanized_name", "")],
        organizations=[(firm, short_name(firm))] if firm else [],
        titles=[one.title] if one.title else [],
        phones=one.phones,
        units=[one.unit_id],
    )


def _find_organizations(work: Bulk, newcomers: Sequence[Newcomer], known: dict[str, int]) -> None:
    firms = {
        names.simplified_key(one.organization): one.organization for one in newcomers if one.organization
    }
    missing = {key: firm for key, firm in firms.items() if key not in known}
    known |= queries.organizations_named(missing)
    fresh = [(key, firm) for key, firm in missing.items() if key not in known]
    rows = [
        {
            "name": firm[:120],
            "name_key": key[:120],
            "short_name": short_name(firm)[:60],
            "kind": kind_of(firm),
        }
        for key, firm in fresh
    ]
    known |= {
        key: identity for (key, _firm), identity in zip(fresh, work.insert(Organization, rows), strict=True)
    }
