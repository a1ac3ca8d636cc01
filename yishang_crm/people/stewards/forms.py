"""What these pages may ask."""

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from yishang_crm.core.asked import NumberField, VersionField
from yishang_crm.core.web import Form


class AskForm(Form):
    """Whom another unit keeps, as far as we know them."""

    name = StringField(_("姓名"), [InputRequired(_("请写上姓名。")), Length(max=60)])
    phone = StringField(
        _("手机或座机"),
        [InputRequired(_("请写上号码，系统凭它找到负责的单位。")), Length(max=40)],
    )
    reason = StringField(_("理由"), [InputRequired(_("请写上申请的理由，对方单位看得到。")), Length(max=200)])


class AnswerForm(Form):
    version = VersionField()
    answer = StringField(_("答复"), [Length(max=200)], description=_("申请的单位看得到"))


class TransferRequestForm(Form):
    reason = StringField(_("理由"), [InputRequired(_("请写上申请的理由，对方单位看得到。")), Length(max=200)])


class TransferForm(Form):
    seen = NumberField()
    unit_id = SelectField(_("移交给"), coerce=int)
    reason = StringField(_("原因"), [InputRequired(_("请写上原因。")), Length(max=200)])
