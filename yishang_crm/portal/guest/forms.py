"""What a guest may answer. Only the parts that were sent are read, so that two open pages do not undo each other."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from yishang_crm.conference.models import Edition, Reply, Travel
from yishang_crm.core import asked
from yishang_crm.core.clock import ANQING, local
from yishang_crm.core.web import Form
from yishang_crm.portal.guest import words

REPLIES = {reply.value: reply for reply in (Reply.ACCEPTED, Reply.DELEGATED, Reply.DECLINED)}
PARTS = {
    "delegate": ("delegate_name", "delegate_title", "delegate_phone"),
    "travel": ("travel", "travel_number", "arrival_place", "arrives_at"),
    "nights": ("nights",),
    "companions": ("companions", "companion_names"),
    "diet": ("diet", "diet_other"),
}
_PHONE = r"\+?[\d\s()（）-]{7,24}"


def _printable(value: Any) -> Any:
    return "".join(sign for sign in value if sign.isprintable()) if isinstance(value, str) else value


def _text(label: Any, *validators: Any, most: int) -> StringField:
    return StringField(
        label, [*validators, Length(max=most, message=_("最多%(max)d个字。"))], filters=[_printable]
    )


def _choice(label: Any, *values: str) -> SelectField:
    # Nothing chosen is "", not None: the empty choice is one of the choices.
    return SelectField(label, choices=["", *values], filters=[lambda value: value or ""])


class AnswerForm(Form):
    """The sections after a yes. ID numbers are never asked here."""

    delegate_name = _text(_("姓名"), most=60)
    delegate_title = _text(_("单位和职务"), most=80)
    delegate_phone = _text(
        _("手机"),
        Optional(),
        Regexp(_PHONE, message=_("号码没有认出来，请写11位手机号，境外号码以+开头。")),
        most=24,
    )
    travel = _choice(_("您怎么来？"), *Travel)
    travel_number = _text(_("车次或航班号"), most=20)
    arrival_place = _text(_("到站"), most=60)
    arrives_at = _text(_("到达时间"), most=20)
    nights = IntegerField(_("住几晚？"), [Optional(), NumberRange(0, 3, _("最多住三晚。"))])
    companions = IntegerField(_("同行人数"), [Optional()])
    companion_names = _text(_("同行的姓名"), most=200)
    diet = _choice(_("饮食有忌口吗？"), *words.DIETS, "other")
    diet_other = _text(_("请写明"), most=40)

    def __init__(self, edition: Edition, **options: Any) -> None:
        super().__init__(**options)
        self.most_companions = edition.max_companions

    def validate_companions(self, field: IntegerField) -> None:
        if field.data is not None and not 0 <= field.data <= self.most_companions:
            raise ValidationError(
                gettext("同行最多%(most)s位，多出的请与联络员商量。", most=self.most_companions)
            )

    def validate_delegate_name(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(_("请写上代表的姓名。"))

    def validate_arrives_at(self, field: StringField) -> None:
        if field.data and _moment(field.data) is None:
            raise ValidationError(_("时间没有认出来，请写成 2026-09-23 16:40。"))

    def wrong_in(self, parts: Iterable[str]) -> dict[str, list[str]]:
        """What is wrong in these parts; the rest of the page is not the question now."""
        self.validate()
        names = {name for part in parts for name in PARTS[part]}
        return {
            name: [str(error) for error in errors] for name, errors in self.errors.items() if name in names
        }

    def given(self, parts: Iterable[str]) -> dict[str, Any]:
        """The values of these parts, as `conference.actions.answer` takes them: what is not given stays."""
        values = {name: self.values[name] for part in parts for name in PARTS[part]}
        if "diet" in values:
            other = values.pop("diet_other")
            values["diet"] = (other or "") if values["diet"] == "other" else values["diet"] or ""
        if "travel" in values:
            values["travel"] = Travel(values["travel"]) if values["travel"] else None
            values["arrives_at"] = _moment(values["arrives_at"] or "")
        if values.get("companions", 0) is None:
            del values["companions"]  # the stepper without script sends its number by the button
        if not values.get("delegate_phone"):
            values.pop(
                "delegate_phone", None
            )  # only its outline stands on the page: nothing typed means as before
        return {name: value or "" if name in _TEXTS else value for name, value in values.items()}


_TEXTS = {"delegate_name", "delegate_title", "travel_number", "arrival_place", "companion_names", "diet"}


class CodeForm(Form):
    """The six digits of the letter or message, and the end of one's own phone number."""

    code = StringField(_("回执码"), [InputRequired(_("请输入六位回执码。")), Length(max=20)])
    tail = StringField(_("手机尾号"), [InputRequired(_("请输入手机号的后四位。")), Length(max=8)])

    @property
    def digits(self) -> tuple[str, str]:
        """Code and tail, spaces and full-width digits forgiven; what is none becomes one that fits nobody."""
        code, tail = ("".join(filter(str.isdecimal, field.data or "")) for field in (self.code, self.tail))
        return "".join(str(int(digit)) for digit in code)[:6], "".join(str(int(digit)) for digit in tail)[:4]


def parts_sent(sent: Any) -> list[str]:
    """The parts that a saving page names; the whole form where none is named."""
    named = [part for part in sent.getlist("part") if part in PARTS]
    return named or [part for part in PARTS if any(name in sent for name in PARTS[part])]


def seen(sent: Any) -> dict[str, str]:
    """By part: the mark of what stood when the page was drawn; see `merging`."""
    return {part: sent[f"seen-{part}"] for part in PARTS if sent.get(f"seen-{part}")}


def stepped(sent: Any) -> int | None:
    """Without script the two buttons of the stepper send the number they stand for."""
    return asked.number(sent, "companions_set")


def arrival_range(edition: Edition) -> tuple[str, str]:
    """Between which moments an arrival makes sense, for the phone's own calendar."""
    first, last = local(edition.starts_at) - dt.timedelta(days=3), local(edition.ends_at)
    return f"{first:%Y-%m-%dT00:00}", f"{last:%Y-%m-%dT23:59}"


def _moment(typed: str) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(typed.strip().replace("/", "-"))
    except ValueError:
        return None
    return (
        moment.replace(tzinfo=ANQING).astimezone(dt.UTC)
        if moment.tzinfo is None
        else moment.astimezone(dt.UTC)
    )
