"""What is asked of whoever takes people out: in what form, which columns, why, and for whom."""

from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from yishang_crm.core import asked
from yishang_crm.core.web import Form, options
from yishang_crm.people.exports import columns as offered
from yishang_crm.people.exports import words
from yishang_crm.people.exports.models import Form as Paper
from yishang_crm.people.exports.models import Order


class ExportForm(Form):
    """The columns stand in the order of the numbers beside them (`place-name`), then as they are offered."""

    form = RadioField(_("格式"), choices=options(words.choices(Paper)), default=Paper.EXCEL.value)
    order = SelectField(_("次序"), choices=options(words.choices(Order)), default=Order.UNIT.value)
    title = StringField(_("标题"), [DataRequired(_("请写上标题。")), Length(max=60)])
    filled_by = StringField(_("填报单位"), [Length(max=80)])
    purpose = StringField(
        _("用途"),
        [DataRequired(_("请写明用途，如“9月赴深圳走访”。")), Length(max=120)],
        description=_("会印在页眉上，也记入留痕"),
    )
    receiver = StringField(
        _("接收方"),
        [DataRequired(_("请写明给谁用，本单位用就写本单位。")), Length(max=120)],
        description=_("如“市委办会务处 王科长”，内部用就写本单位"),
    )
    column = SelectMultipleField(_("列"), validate_choice=False)
    reason = StringField(
        _("为什么需要号码"),
        [Length(max=200)],
        description=_("选了电话、邮箱或微信号时必填；每一次都留痕"),
    )

    def __init__(self, *args: Any, **details: Any) -> None:
        super().__init__(*args, **details)
        self.column.choices = options((key, _(one.title)) for key, one in offered.COLUMNS.items())

    def validate_column(self, field: Any) -> None:
        if not offered.known(field.data or []):
            raise ValidationError(gettext("请至少选一列。"))

    def validate_reason(self, field: Any) -> None:
        if offered.are_sealed(self.column.data or []) and not field.data:
            raise ValidationError(gettext("选了电话、邮箱或微信号，请写明为什么需要。"))

    @property
    def columns(self) -> list[str]:
        """The chosen columns in the order wanted."""
        chosen = offered.known([key for key in offered.COLUMNS if key in (self.column.data or [])])
        return sorted(chosen, key=lambda key: asked.number(request.form, f"place-{key}") or 99)


def offer(chosen: list[str]) -> list[dict[str, Any]]:
    """The columns as the page lists them: those chosen first and numbered, the others after them."""
    keys = [*chosen, *(key for key in offered.COLUMNS if key not in chosen)]
    return [
        {
            "key": key,
            "title": offered.COLUMNS[key].title,
            "sealed": offered.COLUMNS[key].sealed,
            "chosen": key in chosen,
            "place": place,
        }
        for place, key in enumerate(keys, 1)
    ]
