"""What the pages behind the people list ask: a name, a reason, who may open it."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from yishang_crm.core.asked import VersionField
from yishang_crm.core.web import Form, options
from yishang_crm.people.lists.models import Readers

READERS = {
    Readers.OWN: _("只有自己"),
    Readers.UNIT: _("本单位"),
    Readers.ALL: _("全市"),
}


class KeptForm(Form):
    """A name and readers, of a view or a segment."""

    version = VersionField()
    name = StringField(_("名称"), [InputRequired(_("请起一个名字。")), Length(max=40)])
    readers = SelectField(_("谁能打开"), choices=options((one.value, label) for one, label in READERS.items()),
                          default=Readers.OWN.value)  # fmt: skip


class FreezeForm(KeptForm):
    why = StringField(
        _("为什么留存"),
        [InputRequired(_("请写上为什么留存，以后看的人才明白。")), Length(max=200)],
        description=_("如“大会拟邀名单报签前”"),
    )


class TagForm(Form):
    version = VersionField()
    name = StringField(_("名称"), [InputRequired(_("请写上标签的名称。")), Length(max=20)])


class NewTagForm(TagForm):
    citywide = BooleanField(_("全市通用"))
