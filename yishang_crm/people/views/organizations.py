"""Organizations: the list, one with the people in it whom the reader may see, adding and changing."""

from typing import Any

from flask import Blueprint, abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.pages import place
from yishang_crm.core.web import done, needs, page
from yishang_crm.people import actions, queries, words
from yishang_crm.people.models import Organization, OrganizationKind
from yishang_crm.people.models.bodies import HAVE_EDITIONS, ChamberLevel, ChamberState
from yishang_crm.people.models.dictionary import Dictionary
from yishang_crm.people.organization_forms import ChamberForm, NewOrganizationForm, OrganizationForm
from yishang_crm.people.queries import BodyFilters
from yishang_crm.people.queries.bodies import MOST_SHOWN
from yishang_crm.people.queries.persons import COUNTED_UP_TO, PAGE

bp = Blueprint("organization", __name__, url_prefix="/organizations")


@bp.get("")
@needs(Permission.PEOPLE_READ)
def index() -> Any:
    filters, number = filters_of(request.args), asked.page_number(request.args)
    rows = queries.page_of_organizations(g.actor, filters, page=number)
    honours = queries.words_of(Dictionary.HONOUR)
    named = {str(word.id): word.name for word in honours}
    chips = [
        (_("搜索"), filters.q, "q"),
        (_("种类"), words.say(OrganizationKind(filters.kind)) if filters.kind else "", "kind"),
        (_("荣誉"), named.get(str(filters.honour), "?") if filters.honour else "", "honour"),
        (_("产业链"), filters.chain, "chain"),
        (_("驻地"), filters.seat, "seat"),
    ]
    return page(
        "people/organizations/index.html",
        filters=filters,
        rows=rows,
        honours=honours,
        keeps_words=g.actor.may(Permission.PEOPLE_DICTIONARY),
        kinds=words.choices(OrganizationKind),
        chips=[(label, said, address_of(filters, **{name: ""})) for label, said, name in chips if said],
        place=place_of(number, len(rows), queries.count_organizations(filters)),
        address=lambda **changes: address_of(filters, **changes),
        say=words.say,
    )


@bp.get("/<int:organization_id>")
@needs(Permission.PEOPLE_READ)
def show(organization_id: int) -> Any:
    organization = queries.organization(organization_id) or abort(404)
    return page("people/organizations/show.html", **record(organization))


@bp.get("/new")
@needs(Permission.PEOPLE_WRITE)
def new() -> Any:
    return page("people/organizations/new.html", form=NewOrganizationForm())


@bp.post("")
@needs(Permission.PEOPLE_WRITE)
def add() -> Any:
    form = NewOrganizationForm()
    if not form.validate():
        return page("people/organizations/new.html", form=form, status=422)
    kind = OrganizationKind(form.kind.data) if form.kind.data else None
    made = actions.add_organization(g.actor, name=form.name.data, kind=kind)
    flash(_("已添上，接着补全资料。"), "done")
    return done(then=url_for("organization.edit", organization_id=made.id))


@bp.get("/<int:organization_id>/edit")
@needs(Permission.PEOPLE_WRITE)
def edit(organization_id: int) -> Any:
    organization = queries.organization(organization_id) or abort(404)
    standing = _standing(organization)
    return _edit_page(organization, _form(organization, data=standing))


@bp.post("/<int:organization_id>")
@needs(Permission.PEOPLE_WRITE)
def save(organization_id: int) -> Any:
    organization = queries.organization(organization_id) or abort(404)
    form = _form(organization)
    if not form.validate():
        return _edit_page(organization, form, status=422)
    if form.version.data != organization.version:
        return _side_by_side(organization, form)
    actions.edit_organization(g.actor, organization, **form.values)
    flash(_("已保存。"), "done")
    return done(then=url_for("organization.show", organization_id=organization.id))


def record(organization: Organization, **forms: Any) -> dict[str, Any]:
    """What an organization's page shows; a chamber's has more."""
    present = queries.people_at(g.actor, organization)
    former = queries.people_at(g.actor, organization, former=True)
    is_chamber = organization.kind in HAVE_EDITIONS
    chamber: dict[str, Any] = {"chamber": None, "editions": ()}
    if is_chamber:
        chamber = {"chamber": queries.chamber_of(organization), "editions": queries.editions_of(organization)}
    return {
        "organization": organization,
        "present": present[:MOST_SHOWN],
        "former": former[:MOST_SHOWN],
        "present_count": _counted(len({one.person.id for one in present}), len(present)),
        "former_count": _counted(len({one.person.id for one in former}), len(former)),
        "is_chamber": is_chamber,
        "family": queries.family(organization),
        "honours": queries.honours_of(organization),
        "offices": queries.words_of(Dictionary.OFFICE) if is_chamber else (),
        "may_write": g.actor.may(Permission.PEOPLE_WRITE),
        "say": words.say,
        "officer_form": None,
        "offered": (),
        "edition_form": None,
        **chamber,
        **forms,
    }


def _counted(people: int, shown: int) -> str:
    if shown > MOST_SHOWN:
        return _("%(most)s人以上", most=f"{MOST_SHOWN:,}")
    return _("%(total)s人", total=f"{people:,}")


def filters_of(args: Any) -> BodyFilters:
    """The filters an address says; what it says wrongly is left out."""

    def one_of(values: Any, name: str) -> str:
        said = args.get(name, "")
        return said if said in set(values) else ""

    return BodyFilters(
        q=args.get("q", "")[:100].replace("\x00", "").strip(),
        kind=one_of(OrganizationKind, "kind"),
        honour=asked.number(args, "honour"),
        chain=args.get("chain", "")[:40].replace("\x00", ""),
        seat=args.get("seat", "")[:60].replace("\x00", ""),
        level=one_of(ChamberLevel, "level"),
        state=one_of(ChamberState, "state"),
        due=one_of(("past", "soon"), "due"),
    )


def address_of(filters: BodyFilters, endpoint: str = "organization.index", **changes: Any) -> str:
    """The list's address with some filters changed."""
    said = {**vars(filters), **changes}
    return url_for(endpoint, **{name: value for name, value in said.items() if value})


def place_of(number: int, shown: int, total: int) -> dict[str, Any]:
    """Where on the list the reader is; above the counted limit only "more than" is said."""
    more, plain = _("%(most)s家以上", most=f"{COUNTED_UP_TO:,}"), _("%(total)s家", total=f"{total:,}")
    return place(
        number,
        shown=shown,
        total=total,
        size=PAGE,
        counted_up_to=COUNTED_UP_TO,
        said=more if total > COUNTED_UP_TO else plain,
    )


def _form(organization: Organization, **kept: Any) -> OrganizationForm:
    kind = ChamberForm if organization.kind in HAVE_EDITIONS else OrganizationForm
    return kind(queries.words_of(Dictionary.HONOUR), **kept)


def _standing(organization: Organization) -> dict[str, Any]:
    parent = queries.organization(organization.parent_id) if organization.parent_id else None
    return OrganizationForm.standing(
        organization,
        parent=parent.name if parent else "",
        borne=[row.word_id for row in queries.honour_rows(organization)],
        chamber=queries.chamber_of(organization),
    )


def _edit_page(
    organization: Organization, form: OrganizationForm, *, theirs: Any = (), status: int = 200
) -> Any:
    return page(
        "people/organizations/edit.html",
        organization=organization,
        form=form,
        theirs=theirs,
        chains=queries.chains_in_use(),
        status=status,
    )


def _side_by_side(organization: Organization, form: OrganizationForm) -> Any:
    """A lost update: what they saved and what was typed here, beside each other; saving again takes this one."""
    standing = _standing(organization)
    theirs = [
        (form[name].label.text, _shown(form[name], value), _shown(form[name], form[name].data))
        for name, value in standing.items()
        if name != "version" and name in form and (form[name].data or None) != (value or None)
    ]
    form.version.data, form.version.raw_data = organization.version, None
    return _edit_page(organization, form, theirs=theirs, status=409)


def _shown(field: Any, value: Any) -> Any:
    labels = {choice.value: choice.label for choice in getattr(field, "choices", None) or ()}
    if isinstance(value, list):
        return "、".join(str(labels.get(one, one)) for one in value)
    return labels.get(value, "" if value is None else value)
