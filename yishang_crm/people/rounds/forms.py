"""What these pages may ask."""

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, HiddenField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from yishang_crm.core.errors import NotPossible
from yishang_crm.core.shown import told
from yishang_crm.core.web import Form
from yishang_crm.people.actions.contacts import normalized
from yishang_crm.people.models import ContactKind
from yishang_crm.people.rounds.models import ProposedField


class RoundForm(Form):
    """The list it is about stands in `query`, as in the list's address."""

    query = HiddenField(validators=[Length(max=500)])
    name = StringField(
        _("名称"),
        [InputRequired(_("请写上名称。")), Length(max=60)],
        description=_("如“2026年秋季核对”"),
    )
    due_on = DateField(_("请在这天以前核对完"), [InputRequired(_("请写上截止日。"))])

    @property
    def day(self) -> dt.date:
        return self.due_on.data or dt.date.min


class AcceptForm(Form):
    organization = StringField(_("单位"), [Length(max=120)])
    title = StringField(_("职务"), [Length(max=80)])
    ends_former = BooleanField(_("原来的任职记为已离任"), default=True)


class RefuseForm(Form):
    reason = StringField(_("理由"), [InputRequired(_("请写上不采纳的理由。")), Length(max=200)])


def _readable(kind: ContactKind | None, text: str) -> None:
    try:
        normalized(text, kind=kind)
    except NotPossible as refusal:
        raise ValidationError(told(refusal)) from refusal


class OwnForm(Form):
    """What a person says has changed; an empty field has not."""

    post = StringField(_("单位和职务"), [Length(max=200)], description=_("如“深圳某某公司 董事长”"))
    residence = StringField(_("常驻城市"), [Length(max=60)])
    industry = StringField(_("主要产业"), [Length(max=60)])
    phone = StringField(_("手机或座机"), [Length(max=40)])
    email = StringField(_("邮箱"), [Length(max=120)])
    other = StringField(_("其他要告诉我们的"), [Length(max=200)])

    def validate_phone(self, field: StringField) -> None:
        if field.data:
            _readable(None, field.data)

    def validate_email(self, field: StringField) -> None:
        if field.data:
            _readable(ContactKind.EMAIL, field.data)

    @property
    def said(self) -> dict[str, Any]:
        return {name: self.values[name] for name in map(str, ProposedField)}
