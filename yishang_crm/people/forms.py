"""What the pages of this room may ask."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional, ValidationError

from yishang_crm.core.asked import VersionField
from yishang_crm.core.clock import today
from yishang_crm.core.digits import number_in
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.web import Form, options
from yishang_crm.people import words
from yishang_crm.people.birthdays import Birth, must_be_a_day
from yishang_crm.people.duplicates.models import PairState
from yishang_crm.people.models import (
    BirthCalendar,
    ContactKind,
    ContactLabel,
    ContactPoint,
    ContactState,
    Gender,
    LawfulBasis,
    Person,
    PersonState,
    Tier,
)
from yishang_crm.people.models.parts import must_be_a_term


class PersonForm(Form):
    """A person's own facts. Contact points and posts have forms of their own."""

    version = VersionField()
    name = StringField(_("姓名"), [InputRequired(_("请写上姓名。")), Length(max=60)])
    traditional_name = StringField(
        _("繁体姓名"), [Length(max=60)], description=_("港澳台和海外函件用，只认手写的")
    )
    romanized_name = StringField(_("外文姓名"), [Length(max=80)])
    former_names = StringField(_("曾用名"), [Length(max=120)])
    gender = SelectField(
        _("性别"),
        choices=options([("", _("未知")), *words.choices(Gender)]),
    )
    birth_year = IntegerField(_("生年"), [Optional(), NumberRange(1880, 2100, _("请写四位年份，如1968。"))])
    birth_month = IntegerField(_("生月"), [Optional(), NumberRange(1, 12, _("月份是1到12。"))])
    birth_day = IntegerField(_("生日"), [Optional(), NumberRange(1, 31, _("日子是1到31。"))])
    birth_calendar = SelectField(_("历法"), choices=options(words.choices(BirthCalendar)))
    birth_in_leap_month = BooleanField(_("闰月"))
    native_place = StringField(_("籍贯（县市区）"), [Length(max=40)], render_kw={"list": "counties"})
    native_town = StringField(_("乡镇街道"), [Length(max=40)])
    residence = StringField(_("常驻"), [Length(max=60)])
    industry = StringField(_("产业"), [Length(max=60)])
    tier = SelectField(_("等级"), choices=options(words.choices(Tier)), default=Tier.C)
    state = SelectField(_("状态"), choices=options(words.choices(PersonState)))
    salutation_override = StringField(
        _("函件尊称"), [Length(max=60)], description=_("留空则按规则：姓名加先生或女士")
    )
    note = TextAreaField(_("备注"), [Length(max=2000)], render_kw={"rows": 3})
    source = StringField(_("来源"), [Length(max=120)], description=_("如“深圳市桐城商会名册 2025版”"))
    lawful_basis = SelectField(_("依据"), choices=options(words.choices(LawfulBasis)))

    def validate_birth_calendar(self, _field: Any) -> None:
        """Whether there ever was such a day. Here, because the three parts before it may be empty and are then not asked."""
        parts = (self.birth_year, self.birth_month, self.birth_day)
        if any(part.errors for part in parts):
            return
        birth = Birth(
            *(part.data for part in parts),
            is_lunar=self.birth_calendar.data == BirthCalendar.LUNAR,
            in_leap_month=bool(self.birth_in_leap_month.data),
        )
        try:
            must_be_a_day(birth, today=today())
        except NotPossible as wrong:
            raise ValidationError(gettext(wrong.sentence) % wrong.values) from wrong

    @classmethod
    def of(cls, person: Person) -> "PersonForm":
        return cls(obj=person)

    @property
    def values(self) -> dict[str, Any]:
        """As entered; a gender that was not chosen is unknown."""
        said = super().values
        return said | {"gender": said["gender"] or None}


class NewPersonForm(PersonForm):
    """The same, with a first phone, mail address and post."""

    phone = StringField(_("手机或座机"), [Length(max=40)])
    email = StringField(_("邮箱"), [Length(max=120)])
    organization = StringField(_("单位"), [Length(max=120)])
    title = StringField(_("职务"), [Length(max=80)])


class MergeForm(PersonForm):
    """The result column of a merge; which records, and in which version each was shown, stands beside it."""


class PairForm(Form):
    version = VersionField()
    state = SelectField(
        choices=options(
            (state.value, state.value)
            for state in (PairState.NOT_SAME, PairState.FAMILY, PairState.LATER, PairState.WAITING)
        )
    )


class ContactForm(Form):
    typed = StringField(_("号码、邮箱或微信号"), [InputRequired(_("请写上号码。")), Length(max=120)])
    kind = SelectField(_("种类"), choices=options([("", _("电话或邮箱")), ("wechat", _("微信号"))]))
    label = SelectField(_("谁的"), choices=options(words.choices(ContactLabel)))
    holder = StringField(_("称呼"), [Length(max=40)], description=_("如“戴女士”"))
    is_first = BooleanField(_("排在第一位"))

    @property
    def values(self) -> dict[str, Any]:
        """As entered; what is chosen among few is one of them."""
        said = super().values
        kinds = {"kind": ContactKind(said["kind"]) if said["kind"] else None} if "kind" in said else {}
        return said | kinds | {"label": ContactLabel(said["label"])}


class ContactEditForm(ContactForm):
    """The same for one that stands. Its value is never printed whole, so that an empty field keeps it."""

    seen = HiddenField()
    kind = None
    typed = StringField(_("新的号码、邮箱或微信号"), [Length(max=120)], description=_("留空就是不改"))
    state = SelectField(
        _("状态"),
        choices=options(words.choices(ContactState)),
        description=_("空号、退信的换了新号码，自动算作可用；标为空号或退信，会提醒负责人另找"),
    )
    connected_user_id = SelectField(_("哪位同事加了好友"), coerce=number_in)

    @classmethod
    def of(cls, contact: ContactPoint, colleagues: dict[int, str], **options_: Any) -> "ContactEditForm":
        """`colleagues`: who may be chosen, id to name."""
        form = cls(**options_)
        form.connected_user_id.choices = options([("", _("没有人")), *colleagues.items()])
        if contact.kind != ContactKind.WECHAT:
            del form.connected_user_id
        return form

    @property
    def values(self) -> dict[str, Any]:
        """As entered, for the action."""
        said = super().values
        return said | {"state": ContactState(said["state"])}


class DayField(DateField):
    """A day, or nothing; a wrong one is told in words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as wrong:
            raise ValueError(gettext("日期请写成2026-09-24这样。")) from wrong


class PostForm(Form):
    """A post, added or corrected."""

    seen = HiddenField()
    organization = StringField(_("单位"), [InputRequired(_("请写上单位。")), Length(max=120)])
    title = StringField(_("职务"), [Length(max=80)])
    since = DayField(_("任职日期"), [Optional()], description=_("只知道哪一月的，写那月1日；不知道就留空"))
    until = DayField(_("离任日期"), [Optional()], description=_("还在任的留空"))
    is_first = BooleanField(_("对外用这个职务"), description=_("名单和函件上写它"))

    def validate_is_first(self, _field: Any) -> None:
        """Whether it is a term at all. Here, because days that are left empty are not asked."""
        if self.since.errors or self.until.errors:
            return
        try:
            must_be_a_term(self.since.data, self.until.data, today=today(), is_first=bool(self.is_first.data))
        except NotPossible as wrong:
            raise ValidationError(gettext(wrong.sentence)) from wrong

    @property
    def values(self) -> dict[str, Any]:
        """As entered, without the mark of what stood."""
        return {name: value for name, value in super().values.items() if name != "seen"}


class ReasonForm(Form):
    reason = StringField(_("原因"), [InputRequired(_("请写上原因。")), Length(max=200)])


class SharingForm(Form):
    unit_id = SelectField(_("共享给"), coerce=number_in)


class BringForm(Form):
    """A file, and what is asked of it once: kept on each record that it brings."""

    file = FileField(_("名册文件"), [FileRequired(_("请选一个文件。"))])
    source = StringField(_("来源"), [Length(max=120)], description=_("如“怀宁县2026年报送”，留空则用文件名"))
    lawful_basis = SelectField(_("依据"), choices=options(words.choices(LawfulBasis)))
    as_of = DateField(
        _("名册日期"),
        [Optional()],
        description=_("名册是哪天的，留空是今天；库里后来确认过的可以不被它盖掉"),
    )


class CellForm(Form):
    """One cell of a row that is being checked."""

    version = VersionField()
    field = HiddenField(validators=[AnyOf(list(words.IMPORT_FIELDS))])
    value = StringField(_("内容"), [Length(max=500, message=_("最多500字。"))])


class PastedForm(Form):
    """Text copied from somewhere."""

    text = TextAreaField(_("粘贴在这里"), [InputRequired(_("请先粘贴文字。"))])
    to_simplified = BooleanField(
        _("繁体转简体"), default=True, description=_("人名也会转，范、余、于、岳等姓请对照原文")
    )
