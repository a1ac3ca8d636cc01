"""What these pages may ask."""

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired

from yishang_crm.core.web import Form


class FileForm(Form):
    file = FileField(_("文件"), [FileRequired(_("请选一个文件。"))])
