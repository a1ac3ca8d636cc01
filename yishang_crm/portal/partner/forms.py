"""What the portal asks: a contact in one line, a nomination. The other forms stand in `network.forms`."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import DataRequired, Optional, Regexp

from yishang_crm.core.digits import number_in
from yishang_crm.core.web import Form, options
from yishang_crm.followup import words
from yishang_crm.followup.models import Channel
from yishang_crm.network.forms import text_field
from yishang_crm.network.queries import Charge

CHANNELS = (Channel.CALL, Channel.WECHAT, Channel.VISIT, Channel.MEAL)


class ContactForm(Form):
    client_id = HiddenField(validators=[Regexp(r"^[0-9a-f]{0,40}$")])
    channel = RadioField(
        _("怎么联系的"),
        [DataRequired(_("请选一种。"))],
        choices=options((channel.value, words.say(channel)) for channel in CHANNELS),
    )
    text = text_field(_("谈了什么"), DataRequired(_("请写一句谈了什么。")), most=300)


class NominationForm(Form):
    person_id = SelectField(_("提名谁"), coerce=number_in)
    reason = text_field(_("为什么请他来"), Optional(), most=200)

    def __init__(self, charges: Sequence[Charge], **kept: object) -> None:
        super().__init__(**kept)
        self.person_id.choices = options(
            (charge.person.id, f"{charge.person.name} {charge.post}".strip()) for charge in charges
        )
