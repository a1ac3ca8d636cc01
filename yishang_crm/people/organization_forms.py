"""What the pages of organizations, chambers and the dictionary may ask."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from yishang_crm.core.asked import NumberField, VersionField
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.web import Form, options
from yishang_crm.people import names, queries, words
from yishang_crm.people.models import Organization, OrganizationKind
from yishang_crm.people.models.bodies import Chamber, ChamberLevel, ChamberState, ChamberType, checked_uscc
from yishang_crm.people.models.dictionary import Dictionary, DictionaryWord

CHAMBER_FIELDS = (
    "type", "level", "state", "founded_on", "reelection_on", "registration_number", "members", "guided_by", "office",
    "official_account",
)  # fmt: skip


def _printable(value: str | None) -> str:
    # PostgreSQL takes no NUL, and nobody means one; what was not sent is empty.
    return "".join(sign for sign in value or "" if sign.isprintable())


def _text(label: Any, *validators: Any, most: int, **more: Any) -> StringField:
    length = Length(max=most, message=_("最多%(max)d个字。"))
    return StringField(label, [*validators, length], filters=[_printable], **more)


class _DayField(DateField):
    """A day; a wrong one is told in words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as wrong:
            raise ValueError(gettext("日期请写成2026-09-24这样。")) from wrong


def _day(label: Any, *validators: Any, **more: Any) -> DateField:
    return _DayField(label, [*(validators or (Optional(),))], **more)


class NewOrganizationForm(Form):
    name = _text(_("全称"), InputRequired(_("请写上单位全称。")), most=120)
    kind = SelectField(_("种类"), choices=options([("", _("看名称定")), *words.choices(OrganizationKind)]))


class OrganizationForm(Form):
    """An organization's own facts."""

    version = VersionField()
    name = _text(_("全称"), InputRequired(_("请写上单位全称。")), most=120)
    short_name = _text(_("简称"), most=60, description=_("名单和胸牌上用"))
    kind = SelectField(_("种类"), choices=options(words.choices(OrganizationKind)))
    uscc = _text(_("统一社会信用代码"), most=30, description=_("18位，营业执照或登记证书上有"))
    parent = _text(_("上级单位"), most=120, description=_("写全称，须已在库里"))
    seat = _text(_("驻地"), most=60)
    chain = _text(_("产业链"), most=40, render_kw={"list": "chains"})
    honours = SelectMultipleField(_("荣誉"), coerce=int)

    def __init__(self, honours: Sequence[DictionaryWord], **kept: Any) -> None:
        super().__init__(**kept)
        self.honours.choices = options((word.id, word.name) for word in honours)

    @classmethod
    def standing(
        cls, organization: Organization, *, parent: str, borne: Sequence[int], chamber: Chamber | None
    ) -> dict[str, Any]:
        """What the form begins with, and what a lost update is compared with."""
        own = ("version", "name", "short_name", "seat", "chain")
        said: dict[str, Any] = {name: getattr(organization, name) for name in own}
        said |= {
            "kind": organization.kind.value,
            "uscc": organization.uscc or "",
            "parent": parent,
            "honours": list(borne),
        }
        about = chamber or Chamber(organization_id=0)
        return said | {name: _plain(getattr(about, name)) for name in CHAMBER_FIELDS}

    def validate_uscc(self, field: StringField) -> None:
        try:
            checked_uscc(field.data or "")
        except NotPossible as wrong:
            raise ValidationError(gettext(wrong.sentence) % wrong.values) from wrong

    def validate_parent(self, field: StringField) -> None:
        if field.data and queries.organization_named(names.simplified_key(field.data)) is None:
            raise ValidationError(gettext("没有这个单位，请写全称；还没有的先添进来。"))

    @property
    def values(self) -> dict[str, Any]:
        """As an action takes them: what only a chamber has in a part of its own."""
        said = super().values
        chamber = {name: said.pop(name) for name in CHAMBER_FIELDS if name in said}
        return said | {
            "kind": OrganizationKind(said["kind"]),
            "chamber": _chamber(chamber) if chamber else None,
        }


class ChamberForm(OrganizationForm):
    """The same, with what only chambers and associations have."""

    type = SelectField(_("类型"), choices=options(words.choices(ChamberType)))
    level = SelectField(_("级别"), choices=options(words.choices(ChamberLevel)))
    state = SelectField(_("状态"), choices=options(words.choices(ChamberState)))
    founded_on = _day(_("成立日期"))
    reelection_on = _day(_("换届日期"), description=_("下一次该换届的日子"))
    registration_number = _text(_("登记证号"), most=40)
    members = IntegerField(_("会员数"), [Optional(), NumberRange(0, 1_000_000, _("会员数请写整数。"))])
    guided_by = _text(_("业务主管或指导单位"), most=80)
    office = _text(_("办公地址"), most=120)
    official_account = _text(_("微信公众号"), most=60)


class EditionForm(Form):
    """A chamber's next edition."""

    number = IntegerField(
        _("第几届"), [InputRequired(_("请写上第几届。")), NumberRange(1, 99, _("届次是1到99。"))]
    )
    since = _day(_("开始日期"), InputRequired(_("请写上开始日期。")))
    reelection_on = _day(_("下次换届"))
    staying = SelectMultipleField(_("留任"), coerce=int)

    def __init__(self, holders: Sequence[tuple[int, str]], **kept: Any) -> None:
        super().__init__(**kept)
        self.staying.choices = options(holders)


class WhoForm(Form):
    """Somebody named by any habit; where several fit, `person_id` says which."""

    who = _text(_("姓名"), most=60, description=_("姓名、拼音、首字母或手机尾号"))
    person_id = NumberField(_("是哪一位"))


class RelationForm(WhoForm):
    """Whom somebody knows, and what the other is to them."""

    word = SelectField(_("是此人的"))
    note = _text(_("备注"), most=200, description=_("如“桐城中学82届”"))

    def __init__(self, words_offered: Sequence[DictionaryWord], **kept: Any) -> None:
        super().__init__(**kept)
        said = []
        for word in words_offered:
            said.append((f"{word.id}.to", word.name))
            if not word.is_symmetrical:
                said.append((f"{word.id}.back", word.other))
        self.word.choices = options(said)


class OfficerForm(WhoForm):
    title = _text(_("职务"), InputRequired(_("请写上职务。")), most=80, render_kw={"list": "offices"})
    since = _day(_("任职日期"), Optional(), description=_("留空则从本届开始"))


class WordForm(Form):
    """A word of the dictionary."""

    version = VersionField()
    dictionary = SelectField(_("词典"), choices=options(words.choices(Dictionary)))
    name = _text(_("词条"), InputRequired(_("请写上词条。")), most=30)
    other = _text(_("反过来叫什么"), most=30, description=_("只有人际关系要写，如老师反过来是学生"))
    display_order = IntegerField(_("次序"), [Optional(), NumberRange(0, 100_000)])


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)


def _chamber(said: dict[str, Any]) -> dict[str, Any]:
    return said | {
        "type": ChamberType(said["type"]),
        "level": ChamberLevel(said["level"]),
        "state": ChamberState(said["state"]),
    }
