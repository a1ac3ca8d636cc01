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
from yishang_crm.people.duplicates.facts import Facts, Reached, facts
from yishang_crm.people.models import (
    BirthCalendar,
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
from yishang_crm.people.queries.matching import Profile, write_profiles


@dataclass(frozen=True, slots=True)
class OthersPhone:
    """A number in E.164 by which somebody else is reached for the person: a secretary, named by `holder`."""

    phone: str
    label: ContactLabel
    holder: str = ""


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
    more_emails: Sequence[str] = field(default_factory=tuple)
    wechat: str = ""
    others: Sequence[OthersPhone] = field(default_factory=tuple)

    @property
    def emails(self) -> list[str]:
        """As they are kept."""
        return [mail.casefold() for mail in (self.email, *self.more_emails) if mail]


@dataclass(slots=True)
class Prepared:
    """A newcomer with all that can be worked out without the database: do it before the write lock is taken."""

    newcomer: Newcomer
    columns: dict[str, Any]
    contacts: list[dict[str, Any]]
    terms: search_terms.SearchTerms
    profile: Profile


def prepare(one: Newcomer) -> Prepared:
    """Rows of contact points, the words by which the person is found (every reading of the name), and the keys under which
    somebody who may be the same is met."""
    return Prepared(one, columns_of(one, now()), list(_contacts(one)), _terms(one), Profile.of(_facts(one)))


def create_many(work: Bulk, newcomers: Sequence[Newcomer], organizations: dict[str, int]) -> list[int]:
    """Add these people with posts, contact points, stewards and search index; returns their ids in order.

    `organizations` (comparison key → id) is filled as it goes, so that a whole file looks each firm up once.
    """
    return create_prepared(work, [prepare(one) for one in newcomers], organizations)


def create_prepared(work: Bulk, prepared: Sequence[Prepared], organizations: dict[str, int]) -> list[int]:
    """The same for newcomers already prepared."""
    if not prepared:
        return []
    at = now()
    newcomers = [one.newcomer for one in prepared]
    ids = work.insert(Person, [one.columns for one in prepared])
    find_organizations(work, [one.organization for one in newcomers if one.organization], organizations)
    pairs = list(zip(ids, prepared, strict=True))
    posts = [
        _post(person_id, one.newcomer, organizations) for person_id, one in pairs if one.newcomer.organization
    ]
    work.insert(Position, posts)
    work.insert(
        ContactPoint,
        [{"person_id": person_id, **row} for person_id, one in pairs for row in one.contacts],
    )
    work.insert(Stewardship, [_steward(person_id, one.newcomer, at) for person_id, one in pairs])
    write_rows([(person_id, one.terms) for person_id, one in pairs])
    write_profiles([(person_id, one.profile) for person_id, one in pairs])
    return ids


def columns_of(one: Newcomer, at: Moment) -> dict[str, Any]:
    """The row of `person`."""
    name = one.columns["name"][:60]
    told = {
        "has_phone": bool(one.phones or one.others),
        "has_mail": bool(one.emails),
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
    firm = organizations[organization_key(one.organization)]
    return {"person_id": person_id, "organization_id": firm, "title": one.title[:80]}


def _contacts(one: Newcomer) -> Iterable[dict[str, Any]]:
    own = [(phone_kind(phone), phone) for phone in one.phones]
    own += [(ContactKind.EMAIL, mail) for mail in one.emails]
    own += [(ContactKind.WECHAT, one.wechat)] if one.wechat else []
    values = [(kind, text, ContactLabel.SELF, "") for kind, text in own]
    values += [(phone_kind(each.phone), each.phone, each.label, each.holder) for each in one.others]
    for rank, (kind, text, label, holder) in enumerate(values, 1):
        yield {"kind": kind, "value": Sealed(text), "rank": rank, "label": label, "holder": holder}


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
        former_names=[former] if (former := one.columns.get("former_names", "")) else [],
        phones=[*one.phones, *(other.phone for other in one.others)],
        wechat=[*one.emails, *([one.wechat] if one.wechat else [])],
        units=[one.unit_id],
    )


def _facts(one: Newcomer) -> Facts:
    said = one.columns
    return facts(
        said["name"][:60],
        traditional_name=said.get("traditional_name", ""),
        former_names=said.get("former_names", ""),
        romanized_name=said.get("romanized_name", ""),
        contacts=[
            *(Reached(phone_kind(phone).value, phone) for phone in one.phones),
            *(Reached("email", mail) for mail in one.emails),
            *([Reached("wechat", one.wechat.casefold())] if one.wechat else []),
            *(Reached(phone_kind(each.phone).value, each.phone, False) for each in one.others),
        ],
        posts=[(one.organization, one.title)] if one.organization else [],
        native_place=said.get("native_place", ""),
        native_town=said.get("native_town", ""),
        residence=said.get("residence", ""),
        birth=(said.get("birth_year"), said.get("birth_month"), said.get("birth_day")),
        is_lunar=said.get("birth_calendar") == BirthCalendar.LUNAR,
        gender=str(said.get("gender") or ""),
    )


def organization_key(name: str) -> str:
    """What two spellings of one firm have in common, as long as its column."""
    return names.simplified_key(name)[:120]


def find_organizations(work: Bulk, firms: Sequence[str], known: dict[str, int]) -> list[int]:
    """Look up or add these firms; `known` (comparison key → id) grows. Returns the ids of those that were added."""
    missing = {key: firm for firm in firms if (key := organization_key(firm)) not in known}
    if not missing:
        return []
    known |= queries.organizations_named(missing)
    fresh = [(key, firm) for key, firm in missing.items() if key not in known]
    rows = [
        {"name": firm[:120], "name_key": key, "short_name": short_name(firm)[:60], "kind": kind_of(firm)}
        for key, firm in fresh
    ]
    ids = work.insert(Organization, rows)
    known |= {key: identity for (key, _firm), identity in zip(fresh, ids, strict=True)}
    return ids
