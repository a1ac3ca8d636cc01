"""What the pages of this room may ask."""

import datetime as dt
import re
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from yishang_crm.conference import words
from yishang_crm.conference.models import Category, Edition, Guest, Reply, ReplyChannel, Travel
from yishang_crm.conference.wording import LANGUAGES, PLACEHOLDERS
from yishang_crm.core.asked import VersionField
from yishang_crm.core.clock import ANQING, local
from yishang_crm.core.digits import number_in
from yishang_crm.core.web import Form, options

_AS_TYPED = "%Y-%m-%dT%H:%M"


class EditionForm(Form):
    """An edition's facts; times are those of Anqing. The letter's paragraphs stand in three languages."""

    version = VersionField()
    number = IntegerField(_("届次"), [InputRequired(_("请写第几届。")), NumberRange(1, 200)])
    name = StringField(_("名称"), [InputRequired(_("请写名称。")), Length(max=60)])
    name_en = StringField(_("英文名称"), [Length(max=120)])
    slug = StringField(
        _("网址"),
        [
            InputRequired(_("请写网址。")),
            Length(max=40),
            Regexp(
                r"(?!(new|guests|people)\Z)[a-z0-9][a-z0-9-]*\Z",
                message=_("只用小写字母、数字和短横，如2026。"),
            ),
        ],
        description=_("大会页面的地址，如2026，定下不再改"),
    )
    starts_at = DateTimeLocalField(_("开幕"), [InputRequired(_("请写开幕时间。"))], format=_AS_TYPED)
    ends_at = DateTimeLocalField(_("结束"), [InputRequired(_("请写结束时间。"))], format=_AS_TYPED)
    venue = StringField(_("会场"), [InputRequired(_("请写会场。")), Length(max=80)])
    venue_en = StringField(_("会场英文"), [Length(max=120)])
    register_note = StringField(
        _("报到说明"), [Length(max=120)], description=_("印在函里，如“9月23日全天报到”")
    )
    reply_until = DateField(_("答复截止"), [InputRequired(_("请写答复截止日。"))])
    seats = IntegerField(_("主会场座位"), [Optional(), NumberRange(1, 100_000)], description=_("留空则不限"))
    max_companions = IntegerField(_("随行至多几位"), [InputRequired(), NumberRange(0, 20)], default=3)
    office_phone = StringField(_("会务组电话"), [Length(max=40)])
    series = StringField(
        _("函号字头"), [InputRequired(_("请写函号字头。")), Length(max=20)], default="宜商邀"
    )
    letter_year = IntegerField(_("函号年份"), [InputRequired(), NumberRange(2000, 2200)])
    letter_date = DateField(
        _("成文日期"), [Optional()], description=_("印在落款下；留空则用制第一份函的那天")
    )
    text_zh_Hans = TextAreaField(_("函文"), [Length(max=3000)], render_kw={"rows": 8})  # noqa: N815 - the language's own name
    text_zh_Hant = TextAreaField(_("函文（繁体）"), [Length(max=3000)], render_kw={"rows": 4})  # noqa: N815
    text_en = TextAreaField(_("函文（英文）"), [Length(max=5000)], render_kw={"rows": 8})

    @classmethod
    def of(cls, edition: Edition, **options: Any) -> "EditionForm":
        form = cls(obj=edition, **options)
        if options or not form.is_submitted():
            form.starts_at.data, form.ends_at.data = local(edition.starts_at), local(edition.ends_at)
            for language in LANGUAGES:
                form[f"text_{language}"].data = "\n\n".join((edition.texts or {}).get(language, ()))
        return form

    @property
    def facts(self) -> dict[str, Any]:
        """For `add_edition` and `edit_edition`: aware times, paragraphs by language."""
        said = {name: value for name, value in self.values.items() if not name.startswith("text_")}
        said.pop("version")
        for name in ("starts_at", "ends_at"):
            said[name] = _in_anqing(said[name])
        texts = {language: _paragraphs(self[f"text_{language}"].data or "") for language in LANGUAGES}
        return said | {"texts": {language: text for language, text in texts.items() if text}}

    def validate_text_zh_Hans(self, field: Any) -> None:  # noqa: N802 - WTForms asks by the field's name
        _must_be_known(field.data or "")

    validate_text_zh_Hant = validate_text_en = validate_text_zh_Hans  # noqa: N815


def _must_be_known(text: str) -> None:
    unknown = sorted(set(re.findall(r"\{([^{}]*)\}", text)) - set(PLACEHOLDERS))
    if unknown:
        raise ValidationError(gettext("没有“{%(name)s}”这个替换项。", name=unknown[0][:40]))


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()]


class QuotaForm(Form):
    """`seen`: the quotas as they stood on the page."""

    seen = HiddenField()
    unit_id = SelectField(_("单位"), coerce=number_in)
    category = SelectField(_("类别"), choices=options(words.choices(Category)), default=Category.NATIVE.value)
    granted = IntegerField(_("名额"), [InputRequired(_("请写名额。")), NumberRange(0, 10_000)])


class NominationForm(Form):
    """Whom: the ticked people. `unit_id` is asked only of those who may speak for several units."""

    unit_id = SelectField(_("推荐单位"), coerce=number_in)
    category = SelectField(_("类别"), choices=options(words.choices(Category)), default=Category.NATIVE.value)
    reason = StringField(_("推荐理由"), [Length(max=200)])


class DecisionForm(Form):
    note = StringField(_("意见"), [Length(max=200)])


class ReasonForm(Form):
    note = StringField(_("原因"), [InputRequired(_("请写上原因。")), Length(max=200)])


class AnswerForm(Form):
    """A guest's answer, as staff write it down."""

    version = VersionField()
    reply = RadioField(
        _("答复"),
        [InputRequired(_("请选一个答复。"))],
        choices=options(choice for choice in words.choices(Reply) if choice[0] != Reply.NONE),
    )
    channel = SelectField(
        _("怎么知道的"),
        choices=options((one.value, words.say(one)) for one in (ReplyChannel.LIAISON, ReplyChannel.CHAMBER)),
    )
    delegate_name = StringField(_("代表姓名"), [Length(max=60)])
    delegate_title = StringField(_("代表职务"), [Length(max=80)])
    delegate_phone = StringField(_("代表手机"), [Length(max=40)])
    decline_reason = StringField(_("不能来的原因"), [Length(max=200)])
    companions = IntegerField(_("随行几位"), [Optional(), NumberRange(0, 20)])
    companion_names = StringField(_("随行姓名"), [Length(max=200)])
    travel = SelectField(
        _("怎么来"),
        choices=options([("", _("还不知道")), *words.choices(Travel)]),
        filters=[lambda value: value or ""],
    )
    travel_number = StringField(_("车次、航班或车牌"), [Length(max=20)])
    arrival_place = StringField(_("到哪一站"), [Length(max=60)])
    arrives_at = DateTimeLocalField(_("几时到"), [Optional()], format=_AS_TYPED)
    nights = IntegerField(_("住几晚"), [Optional(), NumberRange(0, 10)])
    diet = StringField(_("饮食要求"), [Length(max=60)])

    def validate_delegate_name(self, field: Any) -> None:
        if self.reply.data == Reply.DELEGATED and not field.data:
            raise ValidationError(gettext("请写上代表的姓名。"))

    @classmethod
    def of(cls, guest: Guest) -> "AnswerForm":
        form = cls(obj=guest, formdata=None)
        form.reply.data = "" if guest.reply == Reply.NONE else guest.reply.value
        form.travel.data = guest.travel.value if guest.travel else ""
        form.channel.data = ReplyChannel.LIAISON.value
        form.arrives_at.data = local(guest.arrives_at) if guest.arrives_at else None
        # Only the outline stands beside the field: nothing typed means as before.
        form.delegate_phone.data = ""
        return form

    @property
    def said(self) -> dict[str, Any]:
        """For `record_answer`."""
        values = self.values
        values |= {
            "reply": Reply(values["reply"]),
            "channel": ReplyChannel(values["channel"]),
            "travel": Travel(values["travel"]) if values["travel"] else None,
            "arrives_at": _in_anqing(values["arrives_at"]),
            "companions": values["companions"] or 0,
        }
        if not values["delegate_phone"]:
            del values["delegate_phone"]
        return {name: "" if value is None and name in _TEXTS else value for name, value in values.items()}


_TEXTS = frozenset(
    {
        "delegate_name", "delegate_title", "decline_reason", "companion_names", "travel_number", "arrival_place",
        "diet",
    }
)  # fmt: skip


def _in_anqing(typed: dt.datetime | None) -> dt.datetime | None:
    return typed.replace(tzinfo=ANQING).astimezone(dt.UTC) if typed else None
