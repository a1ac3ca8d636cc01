"""What the pages of this room may ask."""

import re
from decimal import Decimal
from typing import Any

from flask import g
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    DecimalField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from yishang_crm.accounts import queries as accounts
from yishang_crm.accounts.models import UnitKind
from yishang_crm.core.asked import NumberField, VersionField
from yishang_crm.core.clock import today
from yishang_crm.core.digits import number_in
from yishang_crm.core.web import Form, options
from yishang_crm.people import names
from yishang_crm.people import queries as people
from yishang_crm.people.models import Person
from yishang_crm.people.queries import Filters
from yishang_crm.projects import queries, words
from yishang_crm.projects.models import IN_ORDER, Project, Stage

_MONEY = re.compile(r"([\d.]+)(亿元?|万元?|)")
_UNITS_WITH_PROJECTS = (UnitKind.BUREAU, UnitKind.COUNTY, UnitKind.DEPARTMENT, UnitKind.GROUP)


class MoneyField(DecimalField):
    """Hundred millions of yuan, as staff write them: `6.5`, `6.50亿元`, `8000万`."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = re.sub(r"[\s,，]", "", valuelist[0]) if valuelist else ""
        if not text:
            self.data = None
            return
        said = _MONEY.fullmatch(text)
        try:
            amount = Decimal(said[1] if said else "x")
        except ArithmeticError as wrong:
            self.data = None
            raise ValueError(gettext("请写数字，单位亿元，如6.50。")) from wrong
        in_ten_thousands = said is not None and said[2].startswith("万")
        self.data = (amount / 10_000 if in_ten_thousands else amount).quantize(Decimal("0.01"))


class DayField(DateField):
    """A date, with its complaint in the reader's language."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as wrong:
            raise ValueError(gettext("请写日期，如2026-09-02。")) from wrong


class ProjectForm(Form):
    """A project's own facts. Its stage has a form of its own."""

    version = VersionField()
    introducer_id = NumberField()
    name = StringField(_("项目名称"), [InputRequired(_("请写上项目名称。")), Length(max=120)])
    platform_number = StringField(
        _("平台编号"), [Length(max=40)], description=_("安庆市招商管理平台上的编号，没有就先空着")
    )
    investor = StringField(_("投资方"), [Length(max=120)], description=_("企业全称"))
    introducer = StringField(
        _("引荐人"), [Length(max=60)], description=_("人脉里的姓名；有同名的，在后面加上单位")
    )
    planned_investment = MoneyField(
        _("计划总投资（亿元）"),
        [Optional(), NumberRange(0, 99_999, _("请写0到99999之间的数，单位亿元。"))],
        render_kw={"inputmode": "decimal"},
    )
    chain = StringField(_("产业链"), [Length(max=40)], render_kw={"list": "chains"})
    landing_unit_id = SelectField(_("落地单位"), coerce=number_in)
    first_talk_unit_id = SelectField(_("首谈单位"), coerce=number_in)
    first_talk_on = DayField(_("首谈日期"), [Optional()])
    unit_id = SelectField(_("责任单位"), coerce=number_in)
    next_step = TextAreaField(_("下一步"), [Length(max=500)], render_kw={"rows": 2})
    issue = TextAreaField(_("难点问题"), [Length(max=1000)], render_kw={"rows": 3})

    found: Person | None = None

    def offer_units(self) -> None:
        """Fill the lists of units; who works for one unit does not choose which answers for the project."""
        units = [one for one in accounts.units(kinds=_UNITS_WITH_PROJECTS) if one.is_open]
        counties = [one for one in units if one.kind == UnitKind.COUNTY]
        self.landing_unit_id.choices = options([("", _("未定")), *((one.id, one.name) for one in counties)])
        self.first_talk_unit_id.choices = options([("", _("未定")), *((one.id, one.name) for one in units)])
        if g.actor.sees_all:
            self.unit_id.choices = options((one.id, one.name) for one in units)
        elif "unit_id" in self:
            del self.unit_id

    def tell_of(self, project: Project) -> None:
        """Show a project's investor and introducer by name."""
        parts = queries.project_parts(g.actor, project)
        self.investor.data = parts.investor.name if parts.investor else ""
        self.introduce(parts.introducer)

    def introduce(self, person: Person | None) -> None:
        self.introducer.data = person.name if person else ""
        self.introducer_id.data = person.id if person else 0

    def validate_introducer(self, field: StringField) -> None:
        """Find the one person meant; the hidden id tells apart people of one name."""
        text = field.data or ""
        if not text:
            return
        meant = people.person(g.actor, self.introducer_id.data) if self.introducer_id.data else None
        if meant is not None and meant.name == text:
            self.found = meant
            return
        fitting = people.page_of_people(g.actor, Filters(q=text))
        same = [one for one in fitting if one.name_key == names.simplified_key(text)]
        candidates = same or fitting
        if not candidates:
            raise ValidationError(gettext("人脉里没有找到这个人，请先在人脉里记下。"))
        if len(candidates) > 1:
            raise ValidationError(
                gettext("有%(count)s位都对得上，请在姓名后面加上单位。", count=len(candidates))
            )
        self.found = candidates[0]

    @property
    def values(self) -> dict[str, Any]:
        """What the actions take."""
        # A text field that was not sent at all is an empty one.
        missing = {field.name: "" for field in self if isinstance(field, StringField) and field.data is None}
        values = super().values | missing
        values.pop("introducer_id")
        return values | {"introducer": self.found}


class NewProjectForm(ProjectForm):
    """The same, with the stage it has already reached."""

    stage = SelectField(
        _("进展到"), choices=options(words.choices(IN_ORDER)), coerce=Stage, default=Stage.LEAD
    )
    stage_on = DayField(_("自哪天起"), [InputRequired(_("请写上日期。"))], default=today)

    @property
    def values(self) -> dict[str, Any]:
        values = super().values
        values.pop("version")
        return values


class StageForm(Form):
    """Where a project goes next."""

    version = VersionField()
    to = SelectField(_("进入阶段"))
    on = DayField(_("日期"), [InputRequired(_("请写上日期。"))], default=today)
    note = StringField(_("说明"), [Length(max=300)], description=_("暂停、终止、流转、退回、恢复时必填"))

    def offer(self, project: Project) -> None:
        self.to.choices = options(words.choices(project.next_stages))
        if not self.is_submitted():
            self.version.data = project.version
