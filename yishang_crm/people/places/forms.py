"""What is asked of an entry of the dictionary of native places."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Regexp

from yishang_crm.core.asked import VersionField
from yishang_crm.core.web import Form, options
from yishang_crm.core.words import N_

LEVELS = {"county": N_("县市区"), "zone": N_("功能区"), "town": N_("乡镇街道"), "city": N_("市")}


class PlaceForm(Form):
    version = VersionField()
    name = StringField(_("名称"), [DataRequired(_("请写上名称。")), Length(max=40)])
    level = SelectField(_("级别"), choices=options((level, _(label)) for level, label in LEVELS.items()))
    parent = StringField(
        _("上级县市区"), [Length(max=40)], description=_("只有乡镇街道要填"), render_kw={"list": "counties"}
    )
    aliases = StringField(
        _("别名和旧称"),
        [Length(max=300)],
        description=_("几个之间用顿号，如“潜山县、潜山”；名册里这样写的都认得"),
    )
    code = StringField(_("代码"), [Length(max=12), Regexp(r"\d*$", message=_("代码只有数字。"))])
    display_order = IntegerField(
        _("次序"), [InputRequired(_("请写上次序，小的在前。")), NumberRange(0, 1_000_000)]
    )
    valid_to = StringField(
        _("划出安庆的年月"),
        [Regexp(r"(\d{4}-(0[1-9]|1[0-2]))?$", message=_("请写成 2016-01 这样的年月，没有划出就空着。"))],
    )
    counts_as_native = BooleanField(_("计入安庆籍"))
    remark = StringField(_("备注"), [Length(max=200)])
    confirmed = BooleanField(_("已核定"))

    @property
    def values(self) -> dict[str, Any]:
        said = super().values
        said.pop("version")
        return said
