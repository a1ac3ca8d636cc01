"""The page of truth, and how contact stands, which is a page of its own."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, g, url_for
from flask_babel import gettext as _

from yishang_crm.accounts.models import Unit
from yishang_crm.conference.queries import STAGES
from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import now, today
from yishang_crm.core.web import needs, page
from yishang_crm.insight import queries
from yishang_crm.people.models import Tier
from yishang_crm.projects import queries as projects
from yishang_crm.projects import words as project_words
from yishang_crm.projects.models import IN_ORDER, Stage
from yishang_crm.projects.queries import Sum

bp = Blueprint("insight", __name__, url_prefix="/insight")

_BEFORE_CONTRACT = (Stage.LEAD, Stage.SCREENING, Stage.NEGOTIATING, Stage.INTENT)
_UNDER_CONTRACT = tuple(stage for stage in IN_ORDER if stage not in _BEFORE_CONTRACT)


def open_pages(app: Flask) -> None:
    """Hang the room's pages on the app."""
    app.register_blueprint(bp)


@bp.get("")
@needs(Permission.INSIGHT_READ)
def index() -> Any:
    """How many people and projects there are, in the reader's scope; every number leads to its list."""
    figures = queries.people_figures(g.actor)
    sees_several = g.actor.sees_all or len(g.actor.unit_ids) > 1
    tiers = queries.tiers_by_unit(g.actor) if sees_several else {}
    by_unit, by_stage = _project_sums(projects.sums_by_unit_and_stage(g.actor))
    units = queries.units_shown(g.actor, with_figures=set(tiers) | set(by_unit)) if sees_several else []
    return page(
        "insight/index.html",
        moment=now(),
        people=_people(figures.tiers),
        before_contract=_sum(by_stage, _BEFORE_CONTRACT),
        under_contract=_sum(by_stage, _UNDER_CONTRACT),
        projects=_projects(by_stage),
        conference=_conference(),
        units=[
            _unit(unit, tiers.get(unit.id or 0, queries.Tiers()), by_unit.get(unit.id or 0)) for unit in units
        ],
        largest=max([one.total for one in tiers.values()], default=0),
        all_people=_tier_links(figures.tiers),
        all_projects=_sum(by_stage, by_stage),
        places=[(name, count, url_for("people.index", place=name)) for name, count in figures.places],
        residences=[
            (name, count, url_for("people.index", residence=name)) for name, count in figures.residences
        ],
    )


@bp.get("/contact")
@needs(Permission.INSIGHT_READ)
def contact() -> Any:
    """How contact stands, by unit."""
    figures = queries.contact_figures(g.actor, today=today())
    busy = set(figures.kept) | set(figures.tasks)
    rows = [
        {
            "name": unit.short_name,
            "kept": figures.kept.get(unit.id or 0, 0),
            "reached": figures.reached.get(unit.id or 0, 0),
            "overdue": figures.overdue.get(unit.id or 0, 0),
            "tasks": figures.tasks.get(unit.id or 0, 0),
            "late_tasks": figures.late_tasks.get(unit.id or 0, 0),
        }
        for unit in queries.units_shown(g.actor, with_figures=busy)
    ]
    return page("insight/contact.html", "insight/_contact.html", rows=rows)


def _project_sums(sums: dict[tuple[int, Stage], Sum]) -> tuple[dict[int, Sum], dict[Stage, Sum]]:
    by_unit: dict[int, Sum] = {}
    by_stage: dict[Stage, Sum] = {}
    for (unit_id, stage), total in sums.items():
        by_unit[unit_id] = by_unit.get(unit_id, Sum()) + total
        by_stage[stage] = by_stage.get(stage, Sum()) + total
    return by_unit, by_stage


def _people(tiers: queries.Tiers) -> list[dict[str, Any]]:
    """Everybody, and each tier, as the first figures of the page."""
    labels = {Tier.A: _("A 重点"), Tier.B: _("B 常联系"), Tier.C: _("C 一般")}
    everybody = {
        "count": tiers.total,
        "label": _("在库宜商"),
        "href": url_for("people.index"),
        "current": False,
    }
    return [
        everybody,
        *(
            {
                "count": count,
                "label": labels[tier],
                "href": url_for("people.index", tier=tier.value),
                "current": False,
            }
            for tier, count in tiers.by_tier.items()
        ),
    ]


def _conference() -> dict[str, Any] | None:
    """The next edition's way from nomination to arrival, each step a link to the guests it counts."""
    found = queries.next_conference(g.actor)
    if found is None:
        return None
    edition, figures = found
    labels = {
        "nominated": _("提名"),
        "approved": _("审定"),
        "sent": _("已发函"),
        "answered": _("已答复"),
        "coming": _("参会与委派"),
        "checked_in": _("已报到"),
    }
    board = f"/conferences/{edition.slug}"
    return {
        "name": edition.name,
        "board": f"{board}/board",
        "steps": [
            {
                "count": figures.count[name],
                "label": label,
                "href": f"{board}/guests?{urlencode(STAGES[name].said)}".rstrip("?"),
                "current": False,
            }
            for name, label in labels.items()
        ],
    }


def _projects(by_stage: dict[Stage, Sum]) -> list[dict[str, Any]]:
    """Each stage that has projects, in order."""
    return [
        {
            "count": by_stage[stage].count,
            "label": project_words.say(stage),
            "href": url_for("projects.index", stage=stage.value),
            "current": False,
        }
        for stage in Stage
        if stage in by_stage
    ]


def _unit(unit: Unit, tiers: queries.Tiers, sums: Sum | None) -> dict[str, Any]:
    return {
        "name": unit.short_name,
        "people": (tiers.total, url_for("people.index", unit=unit.id)),
        "tiers": [
            (count, url_for("people.index", unit=unit.id, tier=tier.value))
            for tier, count in tiers.by_tier.items()
        ],
        "projects": (sums.count if sums else 0, url_for("projects.index", unit=unit.id)),
        "investment": sums.investment if sums else Decimal("0.00"),
    }


def _tier_links(tiers: queries.Tiers) -> list[tuple[int, str]]:
    return [(count, url_for("people.index", tier=tier.value)) for tier, count in tiers.by_tier.items()]


def _sum(sums: dict[Any, Sum], keys: Any) -> Sum:
    return sum((sums[key] for key in keys if key in sums), Sum())
