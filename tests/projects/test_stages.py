"""Which way a project may go, what must be said on the way, and what is remembered of it."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.cast import Cast, unit_id
from tests.projects.arranged import THIS_SPRING, a_project
from yishang_crm.core.errors import NotPossible
from yishang_crm.projects import actions, queries
from yishang_crm.projects.models import FORWARD, IN_ORDER, RESTING, Project, Stage

TODAY = dt.date(2026, 9, 8)


def standing(stage: Stage, **details) -> Project:
    wanted = {"planned_investment": Decimal("6.50"), "landing_unit_id": 1, "stage_on": THIS_SPRING} | details
    return Project(name="精密结构件生产基地", unit_id=1, stage=stage, **wanted)


def moved(project: Project, to: Stage, *, on: dt.date = TODAY, reason: str = "") -> Project:
    project.move(to, on=on, reason=reason, today=TODAY)
    return project


def refusal(project: Project, to: Stage, **details) -> str:
    with pytest.raises(NotPossible) as refused:
        moved(project, to, **details)
    return str(refused.value)


def test_every_stage_but_the_last_leads_onward():
    assert [stage for stage in IN_ORDER if not FORWARD[stage]] == [Stage.FULL_OUTPUT]
    for stage in IN_ORDER:
        for onward in FORWARD[stage]:
            assert moved(standing(stage), onward).stage == onward


def test_a_step_too_far_is_refused():
    assert refusal(standing(Stage.LEAD), Stage.SIGNED) == "从现在的阶段不能直接到那一步，请按次序推进。"
    assert refusal(standing(Stage.LEAD), Stage.LEAD) == "项目已经在这个阶段。"


@pytest.mark.parametrize("rest", RESTING)
def test_rest_needs_a_reason_and_leads_back_to_where_it_was(rest):
    sentence = "暂停、终止、流转、退回或恢复都要写明原因。"
    assert refusal(standing(Stage.INTENT), rest) == sentence
    resting = moved(standing(Stage.INTENT), rest, reason="投资方资金未到位")
    assert (resting.stage, resting.reached) == (rest, Stage.INTENT)
    assert refusal(resting, Stage.INTENT) == sentence
    assert moved(resting, Stage.INTENT, reason="资金已到位").stage_before is None


def test_a_suspended_project_may_end_and_still_remembers_how_far_it_came():
    suspended = moved(standing(Stage.SIGNED), Stage.SUSPENDED, reason="用地未批")
    ended = moved(suspended, Stage.TERMINATED, reason="投资方撤回")
    assert (ended.reached, ended.next_stages) == (Stage.SIGNED, (Stage.SIGNED,))


def test_going_back_one_step_needs_a_reason():
    assert refusal(standing(Stage.SIGNED), Stage.INTENT) == "暂停、终止、流转、退回或恢复都要写明原因。"
    assert moved(standing(Stage.SIGNED), Stage.INTENT, reason="记错了").stage == Stage.INTENT


def test_days_follow_one_another():
    assert (
        refusal(standing(Stage.LEAD), Stage.SCREENING, on=TODAY + dt.timedelta(days=1))
        == "日期不能晚于今天。"
    )
    earlier = THIS_SPRING - dt.timedelta(days=1)
    assert (
        refusal(standing(Stage.LEAD), Stage.SCREENING, on=earlier)
        == "日期不能早于现在这个阶段开始的2026-03-02。"
    )


def test_a_contract_needs_an_amount_and_a_company_a_place():
    assert (
        refusal(standing(Stage.INTENT, planned_investment=None), Stage.SIGNED)
        == "签约以后的项目要有计划总投资，请先补上。"
    )
    assert (
        refusal(standing(Stage.SIGNED, landing_unit_id=None), Stage.REGISTERED)
        == "落地以后的项目要有落地单位，请先补上。"
    )


@pytest.mark.usefixtures("indoors")
def test_each_move_is_remembered_with_its_day_and_reason(cast: Cast):
    project = a_project(cast.tongcheng)
    actions.move_stage(
        cast.tongcheng, project, to=Stage.SUSPENDED, on=dt.date(2026, 5, 6), note="用地指标未落实"
    )
    changes = queries.project_parts(cast.tongcheng, project).changes
    assert [(one.stage, one.on, one.by, one.note) for one in changes] == [
        (Stage.SUSPENDED, dt.date(2026, 5, 6), "汪澄", "用地指标未落实"),
        (Stage.NEGOTIATING, THIS_SPRING, "汪澄", ""),
    ]


@pytest.mark.usefixtures("indoors")
def test_a_new_project_does_not_begin_at_rest_or_tomorrow(cast: Cast):
    with pytest.raises(NotPossible, match="新记的项目不能是暂停、终止或流转"):
        a_project(cast.tongcheng, stage=Stage.SUSPENDED)
    with pytest.raises(NotPossible, match="日期不能晚于今天"):
        a_project(cast.tongcheng, stage_on=dt.date(2100, 1, 1))


@pytest.mark.usefixtures("indoors")
def test_a_county_notes_projects_under_its_own_name_only(cast: Cast):
    with pytest.raises(NotPossible, match="只能记在本单位名下"):
        a_project(cast.tongcheng, unit_id=unit_id("340822"))
    assert a_project(cast.bureau, unit_id=unit_id("340822")).unit_id == unit_id("340822")
