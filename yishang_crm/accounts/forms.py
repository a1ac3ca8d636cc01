"""What the pages of this room may ask."""

import re
from collections.abc import Sequence
from typing import Any

import phonenumbers
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    EqualTo,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from yishang_crm.accounts import passwords, queries
from yishang_crm.accounts.models import PORTAL_ROLES, Role, Unit, UnitKind, User
from yishang_crm.accounts.roles import TERMS
from yishang_crm.core.asked import VersionField
from yishang_crm.core.digits import number_in
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.shown import told
from yishang_crm.core.web import Form
from yishang_crm.core.words import N_
from yishang_crm.outbox.words import is_lookalike

KIND_LABELS = {
    UnitKind.BUREAU: N_("市局"),
    UnitKind.COUNTY: N_("县（市、区）"),
    UnitKind.DEPARTMENT: N_("市直单位"),
    UnitKind.GROUP: N_("招商组"),
    UnitKind.OUTSIDE: N_("系统外"),
}
_ADDRESS = re.compile(r"[^\s@<>,;:\"'()\[\]\\]{1,64}@[^\s@<>,;:\"'()\[\]\\]{1,120}")


def _printable(value: Any) -> Any:
    # PostgreSQL takes no NUL, and nobody means one.
    return "".join(sign for sign in value if sign.isprintable()) if isinstance(value, str) else value


def _text(label: Any, *validators: Any, most: int) -> StringField:
    return StringField(
        label, [*validators, Length(max=most, message=_("最多%(max)d个字。"))], filters=[_printable]
    )


class LoginForm(Form):
    login = StringField(_("账号"), [DataRequired(_("请输入账号。")), Length(max=40)], filters=[_printable])
    password = PasswordField(_("密码"), [InputRequired(_("请输入密码。")), Length(max=200)])

    def refuse(self, sentence: str) -> None:
        """Say that something was wrong without saying what; both fields are marked."""
        self.login.errors, self.password.errors = [""], [sentence]


class CodeForm(Form):
    code = StringField(
        _("动态验证码"), [DataRequired(_("请输入验证码。")), Length(max=12)], filters=[_printable]
    )


class AskPasswordForm(Form):
    login = StringField(_("账号"), [DataRequired(_("请输入账号。")), Length(max=40)], filters=[_printable])


class NewPasswordForm(Form):
    """A new password, twice; whether it is good depends on whose it is."""

    new = PasswordField(
        _("新密码"),
        [InputRequired(_("请输入新密码。"))],
        description=_("至少10个字符，可以用一句只有您知道的话。不要含账号、姓名。"),
    )
    again = PasswordField(
        _("再输一遍"), [InputRequired(_("请再输一遍新密码。")), EqualTo("new", _("两次输入的不一样。"))]
    )

    def __init__(self, user: User, **options: Any) -> None:
        self.user = user
        super().__init__(**options)

    def validate_new(self, field: PasswordField) -> None:
        try:
            passwords.must_be_good(field.data or "", login=self.user.login, name=self.user.name)
        except NotPossible as refusal:
            raise ValidationError(told(refusal)) from refusal


class OwnPasswordForm(NewPasswordForm):
    old = PasswordField(_("现在的密码"), [InputRequired(_("请输入现在的密码。")), Length(max=200)])

    def validate_new(self, field: PasswordField) -> None:
        if field.data and field.data == self.old.data:
            raise ValidationError(gettext("新密码要和现在的不一样。"))
        super().validate_new(field)


class OwnCodeForm(Form):
    offer = HiddenField()
    code = StringField(_("App上显示的6位数字"), [DataRequired(_("请输入验证码。")), Length(max=12)])
    password = PasswordField(_("现在的密码"), [InputRequired(_("请输入现在的密码。")), Length(max=200)])


class DropCodeForm(Form):
    password = PasswordField(_("现在的密码"), [InputRequired(_("请输入现在的密码。")), Length(max=200)])


class UserForm(Form):
    """What an administrator may say of a user; state and password have acts of their own."""

    version = VersionField()
    name = _text(_("姓名"), DataRequired(_("请输入姓名。")), most=40)
    role = SelectField(_("角色"), [InputRequired()])
    unit_id = SelectField(_("单位"), [InputRequired()], coerce=number_in)
    email = _text(_("邮箱"), Optional(), most=120)
    phone = _text(_("手机"), Optional(), most=40)
    without_email = BooleanField(_("删去邮箱"))
    without_phone = BooleanField(_("删去手机"))

    def __init__(self, units: Sequence[Unit], **options: Any) -> None:
        super().__init__(**options)
        self._units = {unit.id: unit for unit in units}
        self.role.choices = _role_choices()
        self.unit_id.choices = [
            SelectChoice(unit.id, unit.name) for unit in units if unit.is_open or unit.id == self.unit_id.data
        ]

    def validate_unit_id(self, field: SelectField) -> None:
        unit = self._units.get(field.data)
        if unit is None or self.role.data not in TERMS:
            return
        if (Role(self.role.data) in PORTAL_ROLES) != (unit.kind is UnitKind.OUTSIDE):
            raise ValidationError(
                gettext("大使、合伙人和商会的账号放在系统外的单位，其他角色放在系统内的单位。")
            )

    def validate_email(self, field: StringField) -> None:
        if field.data and not _ADDRESS.fullmatch(field.data):
            raise ValidationError(gettext("邮箱写得不完整，例如 li@anqing.gov.cn。"))
        if field.data and is_lookalike(field.data):
            raise ValidationError(gettext("邮箱的域名里有形似英文字母的外文字母，请核对。"))

    def validate_phone(self, field: StringField) -> None:
        if field.data and not e164(field.data):
            raise ValidationError(gettext("手机号码不对。境外号码请带国家或地区代码，如 +852。"))

    @property
    def unit(self) -> Unit:
        return self._units[self.unit_id.data]

    @property
    def contact(self) -> dict[str, str | None]:
        """`email` and `phone` for the action: None keeps what stands, "" removes it."""
        email = "" if self.without_email.data else (self.email.data or None)
        phone = "" if self.without_phone.data else (e164(self.phone.data) if self.phone.data else None)
        return {"email": email, "phone": phone}

    def keep_own_place(self) -> None:
        """Nobody changes their own role or unit: the page does not even ask."""
        del self.role, self.unit_id


class AddUserForm(UserForm):
    login = _text(
        _("账号"),
        DataRequired(_("请输入账号。")),
        Regexp(r"^[a-z0-9][a-z0-9._-]{1,38}$", message=_("账号用2到39个小写字母、数字、点、横线。")),
        most=39,
    )

    def validate_login(self, field: StringField) -> None:
        if field.data and queries.user_by_login(field.data):
            raise ValidationError(gettext("这个账号已经有人用了。"))


class UnitForm(Form):
    version = VersionField()
    name = _text(_("全称"), DataRequired(_("请输入全称。")), most=80)
    short_name = _text(_("简称"), DataRequired(_("请输入简称。")), most=20)
    display_order = IntegerField(
        _("次序"),
        [InputRequired(_("请输入次序。")), NumberRange(0, 9999, _("次序是0到9999的数。"))],
        description=_("名单、报表按它排列，小的在前。"),
    )
    liaison_name = _text(_("联系人"), Optional(), most=40)
    liaison_phone = _text(_("联系电话"), Optional(), most=40)
    confirmed = BooleanField(_("名称已核定"))

    def __init__(self, unit: Unit | None = None, **options: Any) -> None:
        self.standing = unit
        super().__init__(obj=unit, **options)

    def validate_name(self, field: StringField) -> None:
        mine = self.standing.id if self.standing else None
        if any(unit.name == field.data and unit.id != mine for unit in queries.units()):
            raise ValidationError(gettext("已经有一个单位叫这个名字。"))


class AddUnitForm(UnitForm):
    code = _text(
        _("代码"),
        DataRequired(_("请输入代码。")),
        Regexp(r"^[a-z0-9-]{2,40}$", message=_("代码用小写字母、数字和横线。")),
        most=40,
    )
    kind = SelectField(_("类别"), [InputRequired()])

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kind.choices = [SelectChoice(kind.value, gettext(label)) for kind, label in KIND_LABELS.items()]

    def validate_code(self, field: StringField) -> None:
        if field.data and queries.unit_by_code(field.data):
            raise ValidationError(gettext("这个代码已经用了。"))


class UsersFilter(Form):
    class Meta:
        csrf = False

    q = StringField(_("姓名或账号"), filters=[_printable])
    unit = SelectField(_("单位"), coerce=lambda value: number_in(value) or 0, validate_choice=False)
    role = SelectField(_("角色"), validate_choice=False)
    state = SelectField(_("状态"), validate_choice=False)

    def __init__(self, units: Sequence[Unit], **options: Any) -> None:
        super().__init__(**options)
        self.unit.choices = [
            SelectChoice(0, gettext("全部")),
            *(SelectChoice(unit.id, unit.name) for unit in units),
        ]
        self.role.choices = [SelectChoice("", gettext("全部")), *_role_choices()]
        self.state.choices = [
            SelectChoice("", gettext("全部")),
            SelectChoice("on", gettext("在用")),
            SelectChoice("off", gettext("停用")),
        ]


class RetentionForm(Form):
    """How many days one kind of data is kept."""

    days = IntegerField(
        _("保存几天"), [InputRequired(_("请写天数。")), NumberRange(1, 3650, _("天数是1到3650。"))]
    )
    confirmed = BooleanField(_("已核定"))


class TrailFilter(Form):
    class Meta:
        csrf = False

    who = StringField(_("谁"), filters=[_printable], description=_("姓名，或 user:12"))
    verb = StringField(_("做了什么"), filters=[_printable], description=_("如 登录，或 accounts"))
    about = StringField(_("对哪条记录"), filters=[_printable], description=_("如 person:5 或 person"))
    first_day = DateField(_("从"), [Optional()])
    last_day = DateField(_("到"), [Optional()])


def _role_choices() -> list[SelectChoice]:
    return [SelectChoice(role.value, gettext(terms.label)) for role, terms in TERMS.items()]


def e164(text: str) -> str | None:
    """`199 0000 0417` → `+8619900000417`; None when it cannot be a number."""
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
