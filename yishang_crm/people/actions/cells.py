"""One cell of the list, changed alone: lost only if somebody changed this very fact meanwhile."""

from collections.abc import Collection
from typing import Any

from yishang_crm.accounts.models import User
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.core.words import N_
from yishang_crm.people.actions.tags import put_tags
from yishang_crm.people.fields import Fact
from yishang_crm.people.models import Person
from yishang_crm.people.queries import selected as reading
from yishang_crm.people.queries import tagging as pairing

_MEANWHILE = N_("这一格刚被别人改过。")


@action(Permission.PEOPLE_WRITE)
def edit_cell(actor: Actor, person: Person, *, fact: Fact, value: Any, was: str, version: int) -> None:
    """Raises `Stale` when the fact is no longer what was shown; another fact of the person may have changed meanwhile."""
    about(person)
    if version != person.version and fact.text_of(person) != was:
        raise Stale(_MEANWHILE, {fact.name: fact.text_of(person)})
    if getattr(person, fact.name) != value:
        person.edit(**{fact.name: value})


@action(Permission.PEOPLE_WRITE)
def set_owner(actor: Actor, person: Person, *, unit_id: int, user: User | None, was: int | None) -> None:
    """Which colleague of a unit keeps the person for it; None: nobody in particular."""
    about(person)
    rows = reading.stewardships_of(actor, [person.id or 0], unit_id=unit_id)
    if not rows:
        raise NotPossible(N_("这个人不由该单位负责，不能指派给这位同事。"))
    if user is not None and user.unit_id != unit_id:
        raise NotPossible(N_("%(name)s不是负责单位的同事，不能指派。"), name=user.name)
    if rows[0].user_id != was:
        raise Stale(_MEANWHILE, {"owner": rows[0].user_id})
    rows[0].user_id = user.id if user else None


@action(Permission.PEOPLE_WRITE)
def set_cell_tags(actor: Actor, person: Person, *, tag_ids: Collection[int], was: Collection[int]) -> None:
    """The tags of a person become these, unless somebody tagged meanwhile."""
    about(person)
    stand = {pair.tag_id for pair in pairing.own_pairs(actor, person)}
    if stand != set(was):
        raise Stale(_MEANWHILE, {"tags": sorted(stand)})
    put_tags(actor, person, tag_ids=tag_ids)
