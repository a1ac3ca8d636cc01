"""What the pages of this room may ask."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, Regexp, ValidationError

from yishang_crm.accounts.models import User
from yishang_crm.core.asked import NumberField
from yishang_crm.core.digits import number_in
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.web import Form, options
from yishang_crm.network import words
from yishang_crm.network.models import AppointmentKind
from yishang_crm.people import words as people_words
from yishang_crm.people.actions.contacts import normalized
from yishang_crm.people.models import Person, Tier


def _printable(value: str | None) -> str:
    # PostgreSQL takes no NUL, and nobody means one; what was not sent is empty.
    return "".join(sign for sign in value or "" if sign.isprintable() or sign == "\n")


def text_field(label: Any, *validators: Any, most: int, **options: Any) -> StringField:
    length = Length(max=most, message=_("最多%(max)d个字。"))
    return StringField(label, [*validators, length], filters=[_printable], **options)


def long_field(label: Any, *validators: Any, most: int, rows: int = 3, **options: Any) -> TextAreaField:
    length = Length(max=most, message=_("最多%(max)d个字。"))
    return TextAreaField(
        label, [*validators, length], filters=[_printable], render_kw={"rows": rows}, **options
    )


class TermForm(Form):
    """The day a term ends, and the certificate."""

    ends_on = DateField(_("聘期至"), [DataRequired(_("请写上聘期的止日。"))])
    certificate_number = text_field(_("聘书编号"), Optional(), most=40)


class AppointForm(TermForm):
    kind = SelectField(_("聘为"), choices=options(words.choices(AppointmentKind)))
    starts_on = DateField(_("聘期自"), [DataRequired(_("请写上聘期的起日。"))])
    region = text_field(_("片区"), Optional(), most=60, description=_("如“珠三角”"))
    chain = text_field(_("产业"), Optional(), most=40)
    liaison_id = SelectField(_("对接人"), coerce=number_in, description=_("在门户里显示给本人看"))

    def __init__(self, colleagues: Sequence[User], **kept: Any) -> None:
        super().__init__(**kept)
        self.liaison_id.choices = options(
            [*((user.id, user.name) for user in colleagues), (0, gettext("本单位"))]
        )


class LoginForm(Form):
    login = text_field(_("账号"), DataRequired(_("请写上账号。")), most=40)


class ReasonForm(Form):
    reason = text_field(_("原因"), DataRequired(_("请写上原因。")), most=200)


class RefusalForm(Form):
    reason = long_field(
        _("理由"),
        DataRequired(_("请写上不采纳的理由，引荐人看得到。")),
        most=300,
        description=_("引荐人在手机上会看到这句话"),
    )


class EntrustForm(Form):
    partner_id = SelectField(_("托付给"), coerce=number_in)

    def __init__(self, partners: Sequence[Person], **kept: Any) -> None:
        super().__init__(**kept)
        self.partner_id.choices = options((one.id, one.name) for one in partners)


class AcceptForm(Form):
    """What the unit puts right before somebody new enters the record."""

    name = text_field(_("姓名"), DataRequired(_("请写上姓名。")), most=60)
    organization = text_field(_("单位"), Optional(), most=120)
    title = text_field(_("职务"), Optional(), most=80)
    city = text_field(_("常驻"), Optional(), most=60)
    tier = SelectField(_("等级"), choices=options(people_words.choices(Tier)), default=Tier.C.value)


class SameForm(Form):
    """The introduced is somebody the record knew."""

    person_id = NumberField()


# In the portal


class IntroduceForm(Form):
    """Four things to write; the rest may stay empty."""

    client_id = HiddenField(validators=[Regexp(r"^[0-9a-f]{0,40}$")])
    name = text_field(_("姓名"), DataRequired(_("请写上姓名。")), most=60)
    organization = text_field(_("单位和职务"), Optional(), most=120)
    phone = text_field(_("电话"), Optional(), most=40)
    what = long_field(_("想谈什么"), DataRequired(_("请写一两句想谈什么。")), most=1000)
    city = text_field(_("在哪个城市"), Optional(), most=60)
    may_be_named = BooleanField(_("联系时可以说是我介绍的"), default=True)

    def validate_phone(self, field: StringField) -> None:
        if not field.data:
            return
        try:
            normalized(field.data, kind=None)
        except NotPossible as refusal:
            sentence = gettext(refusal.sentence)
            raise ValidationError(sentence % refusal.values if refusal.values else sentence) from refusal


class CodeForm(Form):
    code = text_field(_("六位验证码"), DataRequired(_("请输入六位验证码。")), most=12)


class ProposalForm(Form):
    text = long_field(_("要改什么"), DataRequired(_("请写上要改什么。")), most=150)
