"""Asking for a person, granting and refusing; taking back what was shared, passing on to another unit."""

from yishang_crm.accounts.models import Unit
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.people import names
from yishang_crm.people.actions.contacts import normalized
from yishang_crm.people.models import Person, Stewardship, StewardshipKind
from yishang_crm.people.stewards import queries
from yishang_crm.people.stewards.models import AccessRequest, RequestKind, RequestState


@action(Permission.PEOPLE_SHARE)
def ask(actor: Actor, *, name: str, phone: str, reason: str) -> AccessRequest:
    """Ask to work with somebody whom another unit keeps, by the phone that the asking unit knows.

    Tells nothing of the person but that somebody holds this phone, and whom the request went to.
    """
    _kind, number = normalized(phone, kind=None)
    keeping = queries.answerable_of_phone(number)
    if keeping is None:
        raise NotPossible(N_("库里没有这个号码的人，可以直接新增。"))
    return _asked(actor, keeping, kind=RequestKind.ACCESS, said=names.clean_name(name) or name, reason=reason)


@action(Permission.PEOPLE_SHARE)
def ask_for_transfer(actor: Actor, person: Person, *, reason: str) -> AccessRequest:
    """A unit that already works with a person asks to answer for them from now on."""
    keeping = queries.answerable_of(person.id or 0)
    if keeping is None:
        raise NotPossible(N_("%(name)s现在没有单位负责，请市局指定。"), name=person.name)
    return _asked(actor, keeping, kind=RequestKind.TRANSFER, said=person.name, reason=reason)


@action(Permission.PEOPLE_SHARE)
def grant(actor: Actor, request: AccessRequest, *, version: int, answer: str = "") -> None:
    """Agree: the asking unit sees the person from now on, or answers for them."""
    _must_be_answered_by(actor, request)
    request.must_be_version(version)
    person = queries.person_asked_for(request)
    request.close(RequestState.GRANTED, at=now(), by=actor.name, answer=answer)
    if request.kind == RequestKind.TRANSFER:
        _pass_on(person, unit_id=request.unit_id, user_id=request.user_id or None)
    else:
        _share(person, unit_id=request.unit_id)
    about(person)


@action(Permission.PEOPLE_SHARE)
def refuse(actor: Actor, request: AccessRequest, *, version: int, answer: str) -> None:
    """Refuse, with a reason that the asking unit reads."""
    _must_be_answered_by(actor, request)
    request.must_be_version(version)
    request.close(RequestState.REFUSED, at=now(), by=actor.name, answer=answer)
    about(request)


@action(Permission.PEOPLE_SHARE)
def withdraw(actor: Actor, request: AccessRequest, *, version: int) -> None:
    """The asking unit does not need it any more."""
    if request.unit_id not in actor.unit_ids:
        raise NotPossible(N_("只有提出申请的单位能撤回。"))
    request.must_be_version(version)
    request.close(RequestState.WITHDRAWN, at=now(), by=actor.name, answer="")
    about(request)


@action(Permission.PEOPLE_SHARE)
def end_sharing(actor: Actor, person: Person, keeping: Stewardship) -> None:
    """A unit sees a person no more: decided by who answers for the person, by that unit itself, or by the bureau."""
    if keeping.answerable:
        raise NotPossible(N_("负责单位不能这样去掉，请改为移交给别的单位。"))
    if keeping.unit_id not in actor.unit_ids:
        _must_answer_for(actor, person)
    about(person)
    note(unit=keeping.unit_id)
    db.session.delete(keeping)


@action(Permission.PEOPLE_SHARE)
def transfer(actor: Actor, person: Person, unit: Unit, *, reason: str, seen: int) -> None:
    """Another unit answers for a person from now on; the former one goes on seeing them.

    `seen`: the unit that answered when the page was drawn, 0 for none.
    """
    _must_answer_for(actor, person)
    keeping = queries.answerable_of(person.id or 0)
    if (keeping.unit_id if keeping and keeping.answerable else 0) != seen:
        raise NotPossible(N_("%(name)s刚换过负责单位，请看过现在由谁负责再办。"), name=person.name)
    if keeping is not None and keeping.unit_id == unit.id and keeping.answerable:
        raise NotPossible(N_("%(name)s本来就由%(unit)s负责。"), name=person.name, unit=unit.name)
    about(person)
    note(reason=reason, unit=unit.id)
    _pass_on(person, unit_id=unit.id or 0, user_id=None)


def _asked(actor: Actor, keeping: Stewardship, *, kind: RequestKind, said: str, reason: str) -> AccessRequest:
    if actor.unit_id is None:
        raise NotPossible(N_("您的账号不属于任何单位，不能申请。"))
    if not reason:
        raise NotPossible(N_("请写上申请的理由，对方单位看得到。"))
    own = queries.stewardship_of(keeping.person_id, actor.unit_id)
    if own is not None and (kind == RequestKind.ACCESS or own.answerable):
        raise NotPossible(N_("这个人本单位已经在联系，请在人脉里找。"))
    if queries.is_asked_already(keeping.person_id, actor.unit_id):
        raise NotPossible(N_("本单位已经申请过，请等对方答复。"))
    request = AccessRequest(
        person_id=keeping.person_id,
        unit_id=actor.unit_id,
        asked_unit_id=keeping.unit_id,
        user_id=actor.id if actor.kind == "user" else 0,
        asked_by=actor.name,
        kind=kind,
        said=said[:60],
        reason=reason,
    )
    db.session.add(request)
    db.session.flush()
    about(request)
    return request


def _must_be_answered_by(actor: Actor, request: AccessRequest) -> None:
    # Whoever answers for the person now decides, for it may have changed since the question.
    keeping = queries.answerable_of(request.person_id)
    holds = keeping is not None and keeping.unit_id in actor.unit_ids
    if not (actor.sees_all or holds):
        raise NotPossible(N_("这个申请由现在负责此人的单位或市局答复。"))


def _must_answer_for(actor: Actor, person: Person) -> None:
    keeping = queries.answerable_of(person.id or 0)
    if not actor.sees_all and (keeping is None or keeping.unit_id not in actor.unit_ids):
        raise NotPossible(N_("只有负责联系%(name)s的单位或市局能这样办。"), name=person.name)


def _share(person: Person, *, unit_id: int) -> Stewardship:
    standing = queries.stewardship_of(person.id or 0, unit_id)
    if standing is not None:
        return standing
    keeping = Stewardship(person_id=person.id or 0, unit_id=unit_id, kind=StewardshipKind.SHARED)
    db.session.add(keeping)
    db.session.flush()
    return keeping


def _pass_on(person: Person, *, unit_id: int, user_id: int | None) -> None:
    former = queries.answerable_of(person.id or 0)
    if former is not None:
        former.answerable = False
    keeping = _share(person, unit_id=unit_id)
    keeping.kind, keeping.answerable = StewardshipKind.STEWARD, True
    keeping.user_id = user_id or keeping.user_id
    db.session.flush()
