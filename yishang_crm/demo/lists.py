"""What offices keep behind the people list: tags, views they share, a segment, a list frozen before it was signed."""

from typing import TYPE_CHECKING

from yishang_crm.accounts import actors
from yishang_crm.core.actor import Actor
from yishang_crm.people import actions, queries
from yishang_crm.people.acts import MOST_AT_ONCE, Selection
from yishang_crm.people.filters import Filters
from yishang_crm.people.lists.models import MOST_FROZEN, Readers, Tag

if TYPE_CHECKING:
    from yishang_crm.demo.world import World

DELTA = "上海,南京,苏州,杭州,宁波"
BAY = "深圳,广州,东莞,佛山"


def fill(world: "World") -> None:
    """By the bureau for everybody, and by 桐城 for itself."""
    tongcheng, bureau = (actors.of_user(world.users[login]) for login in ("tongcheng", "bureau"))
    home = actions.add_tag(bureau, name="有返乡投资意向", citywide=True)
    lecture = actions.add_tag(bureau, name="宜咖吧常客", citywide=True)
    _tag(bureau, home, Filters(tier="A", residence=BAY))
    _tag(bureau, lecture, Filters(tier="A", residence=DELTA))
    _tag(tongcheng, actions.add_tag(tongcheng, name="桐商青年"), Filters(tier="B", residence=BAY))
    for actor, name, readers, filters in (
        (bureau, "长三角重点", Readers.ALL, Filters(tier="A", residence=DELTA, sort="strokes")),
        (bureau, "从未核对的A级", Readers.ALL, Filters(tier="A", confirmed="never")),
        (tongcheng, "该联系的桐商", Readers.UNIT, Filters(due="overdue")),
    ):
        actions.save_view(actor, name=name, readers=readers, filters=filters)
    leaves = [{"not": False, "filters": {"residence": cities, "tier": "A,B"}} for cities in (DELTA, BAY)]
    tree = {"join": "and", "parts": [{"join": "or", "not": False, "parts": leaves}]}
    actions.add_segment(bureau, name="两个三角洲的A、B级", readers=Readers.ALL, tree=tree)
    frozen = Filters(tier="A", residence=BAY)
    if 0 < _size(bureau, frozen) <= MOST_FROZEN:
        actions.freeze(
            bureau, name="大湾区A级", why="报市领导审定前留底", readers=Readers.ALL, filters=frozen
        )


def _tag(actor: Actor, tag: Tag, filters: Filters) -> None:
    people = _size(actor, filters)
    if 0 < people <= MOST_AT_ONCE:
        actions.tag_many(actor, Selection(filters=filters), tag=tag, expected=people)


def _size(actor: Actor, filters: Filters) -> int:
    """However large the world is, up to one more than is done at once."""
    people, _ = queries.count_chosen(actor, Selection(filters=filters), most=MOST_AT_ONCE)
    return people
