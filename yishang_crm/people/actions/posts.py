"""Further posts of many people at once, within an open bulk action: a chamber's officers, a demo world."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from yishang_crm.core.bulk import Bulk
from yishang_crm.people import names, queries
from yishang_crm.people.actions.persons import kind_of, short_name
from yishang_crm.people.models import Organization, Position
from yishang_crm.people.queries import index

# How many index rows are read and written anew at a time.
PORTION = 500


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
