"""Organizations and chambers: adding, changing, a new edition with its officers."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.db import db
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.people import names, queries
from yishang_crm.people.actions.persons import put_organization
from yishang_crm.people.models import Organization, OrganizationKind, Person, Position
from yishang_crm.people.models.bodies import (
    HAVE_EDITIONS,
    Chamber,
    ChamberEdition,
    ChamberState,
    OrganizationHonour,
    checked_uscc,
)


@action(Permission.PEOPLE_WRITE)
def add_organization(actor: Actor, *, name: str, kind: OrganizationKind | None = None) -> Organization:
    """Add an organization. Raises `NotPossible` where one of this name is there."""
    if not names.simplified_key(name):
        raise NotPossible(N_("请写上单位全称。"))
    if queries.organization_named(names.simplified_key(name)):
        raise NotPossible(N_("已有“%(name)s”，请直接打开修改。"), name=name)
    made = put_organization(name, kind=kind)
    about(made)
    return made


@action(Permission.PEOPLE_WRITE)
def edit_organization(
    actor: Actor,
    organization: Organization,
    *,
    version: int,
    name: str,
    uscc: str,
    parent: str,
    honours: Collection[int],
    chamber: dict[str, Any] | None = None,
    **values: Any,
) -> None:
    """Change an organization; `chamber` holds what only chambers and associations have.

    Raises `Stale` when somebody saved in between, `NotPossible` for a name or code that another bears.
    """
    about(organization)
    organization.must_be_version(version)
    key = names.simplified_key(name)
    same = queries.organization_named(key)
    if not key or (same and same.id != organization.id):
        raise NotPossible(N_("已有另一个“%(name)s”。两个单位不能同名。"), name=name)
    code = checked_uscc(uscc)
    holder = queries.organization_with_uscc(code) if code else None
    if holder and holder.id != organization.id:
        raise NotPossible(N_("这个统一社会信用代码已记在“%(name)s”名下。"), name=holder.name)
    parent_id = _parent(organization, parent)
    organization.edit(name=name.strip(), name_key=key, uscc=code, parent_id=parent_id, **values)
    _bear(organization, honours)
    if chamber is not None and organization.kind in HAVE_EDITIONS:
        found = queries.chamber_of(organization) or Chamber(organization_id=organization.id or 0)
        found.edit(**chamber)
        db.session.add(found)


@action(Permission.PEOPLE_WRITE)
def begin_edition(
    actor: Actor,
    organization: Organization,
    *,
    number: int,
    since: dt.date,
    reelection_on: dt.date | None = None,
    staying: Collection[int] = (),
) -> ChamberEdition:
    """A new edition: the one before ends with all its officers; `staying` are ids of their posts that go on in it.

    Before the first edition posts stand in none; those that stay are then its officers.
    """
    about(organization)
    if organization.kind not in HAVE_EDITIONS:
        raise NotPossible(N_("只有商会和协会才有届次。"))
    edition = ChamberEdition(organization_id=organization.id or 0, number=number, since=since)
    before = next((one for one in queries.editions_of(organization) if one.ended_on is None), None)
    leaving = queries.posts_of_edition(before) if before else ()
    if before:
        edition.follow(before)
    db.session.add(edition)
    chamber = queries.chamber_of(organization) or Chamber(organization_id=organization.id or 0)
    chamber.edit(reelection_on=reelection_on, state=ChamberState.STANDING)
    db.session.add(chamber)
    db.session.flush()
    for post in leaving:
        post.until = since
        if post.id in staying:
            db.session.add(_again(post, edition))
    if before is None:
        for holder in queries.people_at(actor, organization):
            if holder.post.id in staying:
                holder.post.edition_id = edition.id
    note(edition=number, left=max(len(leaving) - len(staying), 0), stayed=len(staying))
    return edition


@action(Permission.PEOPLE_WRITE)
def add_officer(
    actor: Actor, organization: Organization, person: Person, *, title: str, since: dt.date | None = None
) -> Position:
    """Somebody holds an office, in the present edition where there is one."""
    about(person)
    edition = next((one for one in queries.editions_of(organization) if one.ended_on is None), None)
    for holder in queries.people_at(actor, organization):
        if holder.person.id == person.id and holder.post.title == title:
            raise NotPossible(N_("%(name)s已是%(title)s。"), name=person.name, title=title)
    post = Position(
        person_id=person.id or 0,
        organization_id=organization.id or 0,
        title=title,
        rank=2,  # on letters stands what they do for a living, until somebody says otherwise
        since=since or (edition.since if edition else None),
        edition_id=edition.id if edition else None,
    )
    db.session.add(post)
    return post


def _again(post: Position, edition: ChamberEdition) -> Position:
    return Position(
        person_id=post.person_id,
        organization_id=post.organization_id,
        title=post.title,
        rank=post.rank,
        since=edition.since,
        edition_id=edition.id,
    )


def _parent(organization: Organization, parent: str) -> int | None:
    if not parent.strip():
        return None
    found = queries.organization_named(names.simplified_key(parent))
    if found is None:
        raise NotPossible(N_("没有找到上级单位“%(name)s”，请写全称，或先把它添进来。"), name=parent)
    if found.id == organization.id or organization.id in queries.ancestors_of(found):
        raise NotPossible(N_("“%(name)s”就在这个单位之下，不能当它的上级。"), name=found.name)
    return found.id


def _bear(organization: Organization, honours: Collection[int]) -> None:
    borne = {row.word_id: row for row in queries.honour_rows(organization)}
    for word_id, row in borne.items():
        if word_id not in honours:
            db.session.delete(row)
    for word_id in honours:
        if word_id not in borne:
            db.session.add(OrganizationHonour(organization_id=organization.id or 0, word_id=word_id))
