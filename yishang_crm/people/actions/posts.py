"""Posts: adding, correcting, ending one, and which of them stands in lists and letters; further posts of many people at once,
within an open bulk action (a chamber's officers, a demo world)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.bulk import Bulk
from yishang_crm.core.clock import today
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.people import names, queries
from yishang_crm.people.actions.persons import kind_of, put_organization, put_post, short_name
from yishang_crm.people.models import Organization, Person, Position
from yishang_crm.people.models.parts import must_be_a_term, put_first, put_last
from yishang_crm.people.queries import index

# How many index rows are read and written anew at a time.
PORTION = 500


@action(Permission.PEOPLE_WRITE)
def add_post(actor: Actor, person: Person, *, organization: str, title: str, since: dt.date | None = None,
             until: dt.date | None = None, is_first: bool = False) -> Position:  # fmt: skip
    """Add a post, behind the others unless it is to stand in lists and letters; the organization is made if its name is new."""
    must_be_a_term(since, until, today=today(), is_first=is_first)
    about(person)
    standing = _posts(actor, person)
    post = put_post(person, organization=organization, title=title, since=since)
    post.until = until
    (put_first if is_first else put_last)(post, standing)
    return post


@action(Permission.PEOPLE_WRITE)
def edit_post(actor: Actor, person: Person, post: Position, *, seen: str, organization: str, title: str,
              since: dt.date | None = None, until: dt.date | None = None, is_first: bool = False) -> None:  # fmt: skip
    """Correct a post; `is_first`: by this title the person goes in lists and letters. Raises `Stale` when somebody saved in
    between."""
    standing = _posts(actor, person)
    if post.id not in {one.id for one in standing}:
        raise NotPossible(N_("这条任职不属于此人。"))
    post.must_be_seen(seen)
    must_be_a_term(since, until, today=today(), is_first=is_first)
    about(person)
    firm = put_organization(organization)
    post.correct(organization_id=firm.id or 0, title=title, since=since, until=until)
    if is_first:
        put_first(post, standing)


@action(Permission.PEOPLE_WRITE)
def end_post(actor: Actor, person: Person, post: Position, *, on: dt.date) -> None:
    """The person left this post; it stays on the record as a former one."""
    if post.person_id != person.id:
        raise NotPossible(N_("这条任职不属于此人。"))
    if post.until:
        raise NotPossible(N_("这条任职已经记为离任。"))
    about(person)
    post.until = on


class FurtherPost(NamedTuple):
    """A post beside the one on letters, `rank` 2."""

    person_id: int
    organization: str
    title: str


def add_posts(work: Bulk, posts: Sequence[FurtherPost]) -> None:
    """Add these posts, make the organizations that are new, and let the people be found by them."""
    if not posts:
        return
    known = _organizations(work, [post.organization for post in posts])
    work.insert(
        Position,
        [
            {
                "person_id": post.person_id,
                "organization_id": known[names.simplified_key(post.organization)],
                "title": post.title[:80],
                "rank": 2,
            }
            for post in posts
        ],
    )
    for ids in _portions(sorted({post.person_id for post in posts})):
        index.refresh(ids)


def _posts(actor: Actor, person: Person) -> Sequence[Position]:
    """All posts of the person, whom nobody else changes meanwhile."""
    if queries.person_to_change(actor, person.id or 0) is None:
        raise NotPossible(N_("这个人不在您负责的范围内。"))
    return queries.posts_to_change(actor, person)


def _organizations(work: Bulk, wanted: Sequence[str]) -> dict[str, int]:
    by_key = {names.simplified_key(name): name for name in wanted}
    known = dict(queries.organizations_named(by_key))
    fresh = [(key, name) for key, name in by_key.items() if key not in known]
    rows = [
        {
            "name": name[:120],
            "name_key": key[:120],
            "short_name": short_name(name)[:60],
            "kind": kind_of(name),
        }
        for key, name in fresh
    ]
    return known | dict(zip((key for key, _name in fresh), work.insert(Organization, rows), strict=True))


def _portions(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), PORTION):
        yield ids[start : start + PORTION]
