"""What the pages of this room may ask."""

from flask_babel import lazy_gettext as _
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from yishang_crm.core.asked import VersionField
from yishang_crm.core.digits import number_in
from yishang_crm.core.web import Form


class TaskForm(Form):
    what = StringField(_("要办什么"), [InputRequired(_("请写上要办什么。")), Length(max=200)])
    due_on = DateField(_("哪天"), [InputRequired(_("请选一个日子。"))])
    user_id = SelectField(_("谁办"), coerce=number_in)


class PostponementForm(Form):
    """`to` is a button: tomorrow, week, or the day typed beside it."""

    version = VersionField()
    to = StringField(default="day")
    due_on = DateField(_("改到"), [Optional()])


class HandoverForm(Form):
    version = VersionField()
    user_id = SelectField(_("交给"), coerce=number_in)
