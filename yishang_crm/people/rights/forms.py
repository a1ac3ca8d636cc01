"""What is asked when a request is written down or answered."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from yishang_crm.core.web import Form, options
from yishang_crm.people.rights import words
from yishang_crm.people.rights.models import RightsKind


class RequestForm(Form):
    kind = RadioField(
        _("要求"),
        [InputRequired(_("请选一项。"))],
        choices=options(words.choices(RightsKind)),
        validate_choice=True,
    )
    asked_on = DateField(_("提出日期"), [InputRequired(_("请写上提出的日子，如2026-09-24。"))])
    asked_by = StringField(
        _("谁提的"),
        [DataRequired(_("请写明谁、怎样提出的。")), Length(max=80)],
        description=_("如“本人来电”“代理人持委托书到场”"),
    )
    what = TextAreaField(_("内容"), [Length(max=500)], render_kw={"rows": 3})


class OutcomeForm(Form):
    outcome = StringField(
        _("怎么办的"), [DataRequired(_("请写明怎么办的，如“当面交给本人”。")), Length(max=500)]
    )


class RefusalForm(Form):
    reason = StringField(_("理由"), [DataRequired(_("不予办理要写明理由，本人有权知道。")), Length(max=500)])


class ErasureForm(Form):
    sure = BooleanField(
        _("我已核对这是本人的要求，知道删除后不能恢复"), [InputRequired(_("请先核对，再勾选。"))]
    )
