"""Projects on their way from a lead to production, each brought by somebody the county keeps touch with."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from yishang_crm.accounts import actors
from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import today
from yishang_crm.core.db import db
from yishang_crm.people.models import OrganizationKind, Person
from yishang_crm.people.queries import people_by_ids, person_parts
from yishang_crm.projects import actions
from yishang_crm.projects.models import Stage

if TYPE_CHECKING:
    from yishang_crm.demo.world import World


class _Plan(NamedTuple):
    """`hundred_millions` of yuan; `days` since it reached its stage."""

    login: str
    name: str
    stage: Stage
    hundred_millions: str
    chain: str
    days: int
    next_step: str
    issue: str = ""


_PLANS = (
    _Plan("tongcheng", "包装新材料二期", Stage.NEGOTIATING, "3.20", "新材料", 12, "陪同看双新园区两块地", "厂房净高要12米"),
    _Plan("tongcheng", "汽车密封件生产线", Stage.SIGNED, "2.00", "新能源汽车及零部件", 41, "办公司注册，定开工日子"),
    _Plan("tongcheng", "制刷自动化改造", Stage.UNDER_CONSTRUCTION, "1.10", "轻工纺织", 160, "协调变压器增容"),
    _Plan("huaining", "石牌光学材料基地", Stage.INTENT, "5.60", "新材料", 20, "报市里过会，定地价", "用地指标差30亩"),
    _Plan("huaining", "医用敷料车间", Stage.SCREENING, "0.80", "生命健康", 6, "请园区出环评意见"),
    _Plan("huaining", "冷链分拨中心", Stage.STARTED, "1.60", "现代物流", 75, "催设计院出图"),
    _Plan("qianshan", "精密轴承项目", Stage.NEGOTIATING, "4.50", "高端装备制造", 9, "约董事长下月来看地"),
    _Plan("taihu", "有机茶深加工", Stage.COMPLETED, "0.60", "绿色食品", 220, "帮助招工60人"),
    _Plan("susong", "智能装备产业园", Stage.LEAD, "8.00", "高端装备制造", 4, "先约一次视频会"),
    _Plan("wangjiang", "高端面料织造", Stage.REGISTERED, "2.30", "轻工纺织", 33, "陪办环评和能评"),
    _Plan("yuexi", "康养文旅小镇", Stage.SCREENING, "6.00", "文化旅游", 27, "请文旅部门研判", "在生态红线边上，要先核图"),
    _Plan("yixiu", "传感器封测线", Stage.INTENT, "3.80", "新一代信息技术", 15, "准备意向协议"),
    _Plan("jingkai", "电驱总成扩产", Stage.FULL_OUTPUT, "9.50", "新能源汽车及零部件", 300, "跟踪三期意向"),
    _Plan("gaoxin", "新药中试平台", Stage.SIGNED, "7.20", "生命健康", 58, "对接人才公寓20套"),
)  # fmt: skip
_LANDED = (Stage.SIGNED, Stage.REGISTERED, Stage.STARTED, Stage.UNDER_CONSTRUCTION, Stage.COMPLETED, Stage.FULL_OUTPUT)  # fmt: skip


def fill(world: "World") -> None:
    """Each by the county's liaison, with the firm of the one who brought it as investor."""
    for number, plan in enumerate(_PLANS, 1):
        liaison = actors.of_user(world.users[plan.login])
        ours = [world.person_ids[n] for n, one in enumerate(world.owners) if one.unit_id == liaison.unit_id]
        if not ours:
            continue
        person = _bringer(world, liaison, ours, plan.chain)
        stage_on = today() - dt.timedelta(days=plan.days)
        actions.add_project(
            liaison,
            name=plan.name,
            stage=plan.stage,
            stage_on=stage_on,
            investor=_firm_of(liaison, person),
            introducer=person,
            platform_number=f"AQ{today().year}-{number:04d}" if plan.stage in _LANDED else None,
            planned_investment=Decimal(plan.hundred_millions),
            chain=plan.chain,
            landing_unit_id=liaison.unit_id if plan.stage in _LANDED else None,
            first_talk_unit_id=liaison.unit_id,
            first_talk_on=stage_on - dt.timedelta(days=45),
            next_step=plan.next_step,
            issue=plan.issue,
        )
    db.session.commit()


def _bringer(world: "World", liaison: Actor, ids: list[int], chain: str) -> Person:
    """Somebody of that trade, if the county knows one."""
    some = people_by_ids(liaison, world.chance.sample(ids, min(len(ids), 300)))
    ordered = sorted(some, key=lambda person: person.id or 0)
    return world.chance.choice([person for person in ordered if person.industry == chain] or ordered)


def _firm_of(liaison: Actor, person: Person) -> str:
    firms = (firm for _post, firm in person_parts(liaison, person).posts)
    return next((firm.name for firm in firms if firm.kind == OrganizationKind.COMPANY), "")
