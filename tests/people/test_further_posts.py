"""Further posts of many at once: on the record, second to the one on letters, and found by."""

from sqlmodel import select

from tests.people.arranged import somebody
from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.bulk import bulk
from yishang_crm.core.db import db, writing
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people import queries
from yishang_crm.people.actions.posts import FurtherPost, add_posts
from yishang_crm.people.models import Organization, OrganizationKind
from yishang_crm.people.queries import Filters

CHAMBER, FIRM = "上海安庆商会", "上海宜达装备有限公司"


def test_two_people_join_a_chamber_that_is_made_once(app, cast):
    with app.app_context(), writing():
        people = [
            somebody(cast.tongcheng, name, phone=phone, organization=FIRM)
            for name, phone in (("汪结根", "19900000501"), ("程红霞", "19900000502"))
        ]
        with bulk(HOUSE, Permission.HOUSEKEEPING, "people.demo") as work:
            add_posts(
                work,
                [FurtherPost(person.id, CHAMBER, "副会长") for person in people if person.id is not None],
            )
        parts = queries.person_parts(cast.tongcheng, people[0])
        made = db.session.scalars(
            unscoped_for("a test looks", select(Organization).where(Organization.name == CHAMBER))
        ).all()
        found = queries.page_of_people(cast.tongcheng, Filters(q="安庆商会"))
    assert [(firm.name, post.title) for post, firm in parts.posts] == [
        (FIRM, "董事长"),
        (CHAMBER, "副会长"),
    ]
    assert [one.kind for one in made] == [OrganizationKind.CHAMBER]
    assert {person.name for person in found} == {"汪结根", "程红霞"}
