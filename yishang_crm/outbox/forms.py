"""What the pages of this room may ask."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from yishang_crm.core.asked import VersionField
from yishang_crm.core.web import Form
from yishang_crm.outbox.words import placeholders_in


class LetterForm(Form):
    """The words of a held letter. What is filled in at delivery must stay where it can be found."""

    version = VersionField()
    kept = HiddenField()
    subject = StringField(_("主题"), [InputRequired(_("请写主题。")), Length(max=300)])
    body_text = TextAreaField(_("正文"), [InputRequired(_("正文不能是空的。")), Length(max=20_000)])

    def validate_body_text(self, field: TextAreaField) -> None:
        known = set((self.kept.data or "").split())
        unknown = [name for name in placeholders_in(field.data or "") if name not in known]
        if unknown:
            raise ValidationError(_("正文里有不认识的替换项：%(names)s", names="、".join(unknown)))
