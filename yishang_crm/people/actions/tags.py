"""Tags: made, renamed, retired; put on one person."""

from collections.abc import Collection

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.people import queries
from yishang_crm.people.lists.models import PersonTag, Tag
from yishang_crm.people.models import Person
from yishang_crm.people.queries import tagging as reading


@action(Permission.PEOPLE_WRITE)
def add_tag(actor: Actor, *, name: str, citywide: bool = False) -> Tag:
    """A new tag, of the actor's unit or of the whole city (only who sees everybody makes those)."""
    name = _name(name)
    if citywide and not actor.sees_all:
        raise NotPossible(N_("全市通用的标签由市局来定，您可以建本单位的。"))
    unit_id = None if citywide else actor.unit_id
    _must_be_free(actor, name, unit_id)
    tag = Tag(name=name, unit_id=unit_id)
    db.session.add(tag)
    return tag


@action(Permission.PEOPLE_WRITE)
def rename_tag(actor: Actor, tag: Tag, *, name: str, version: int) -> None:
    """Everybody who bears it bears the new word."""
    _must_own(actor, tag)
    name = _name(name)
    if name != tag.name:
        _must_be_free(actor, name, tag.unit_id)
    tag.rename(name, version=version)


@action(Permission.PEOPLE_WRITE)
def retire_tag(actor: Actor, tag: Tag) -> None:
    """It is no longer offered or shown; who bears it keeps it, for the day it is revived."""
    _must_own(actor, tag)
    tag.retire(at=now())


@action(Permission.PEOPLE_WRITE)
def revive_tag(actor: Actor, tag: Tag) -> None:
    _must_own(actor, tag)
    tag.revive()


def put_tags(actor: Actor, person: Person, *, tag_ids: Collection[int]) -> None:
    """The tags that the actor sees become exactly these, within an open action; those of other units stay."""
    if not set(tag_ids) <= {tag.id for tag in queries.tags(actor)}:
        raise NotPossible(N_("有的标签已经停用或不归您用，请刷新后再选。"))
    pairs = reading.own_pairs(actor, person)
    for pair in pairs:
        if pair.tag_id not in tag_ids:
            db.session.delete(pair)
    for tag_id in sorted(set(tag_ids) - {pair.tag_id for pair in pairs}):
        db.session.add(PersonTag(person_id=person.id or 0, tag_id=tag_id, by=actor.name[:40]))


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise NotPossible(N_("请写上标签的名称。"))
    if "," in name or "，" in name:
        raise NotPossible(N_("标签名里不要用逗号，一个标签写一个词。"))
    return name


def _must_own(actor: Actor, tag: Tag) -> None:
    if tag.unit_id != actor.unit_id and not actor.sees_all:
        raise NotPossible(N_("“%(name)s”是全市通用的标签，请找市局修改。"), name=tag.name)


def _must_be_free(actor: Actor, name: str, unit_id: int | None) -> None:
    if queries.tag_named(actor, name, unit_id=unit_id) is not None:
        raise NotPossible(N_("已经有标签“%(name)s”了。"), name=name)
