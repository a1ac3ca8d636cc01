"""清洗粘贴文本: what was pasted, before and after. Nothing is kept."""

from typing import Any

from flask import Blueprint, request
from flask_babel import lazy_gettext

from yishang_crm.core.actor import Permission
from yishang_crm.core.web import needs, page
from yishang_crm.core.words import N_
from yishang_crm.people.forms import PastedForm
from yishang_crm.people.importing import pasted

bp = Blueprint("pasting", __name__, url_prefix="/people/import/cleaning")

SAID = {
    pasted.INVISIBLE: N_("看不见的符号"),
    pasted.RADICALS: N_("部首形的字"),
    pasted.WIDTH: N_("全角字母数字"),
    pasted.PINYIN: N_("括号里的拼音"),
    pasted.SPACES: N_("多余的空格空行"),
    pasted.PUNCTUATION: N_("标点"),
    pasted.SIMPLIFIED: N_("繁体字"),
}


@bp.get("")
@needs(Permission.PEOPLE_IMPORT)
def show() -> Any:
    return page("people/import/cleaning.html", form=PastedForm(formdata=None), found=None, said={})


@bp.post("")
@needs(Permission.PEOPLE_IMPORT)
def clean() -> Any:
    form = PastedForm()
    if not form.validate():
        return page("people/import/cleaning.html", form=form, found=None, said={}, status=422)
    # As it was typed: what the form trims, a table needs.
    text = request.form.get("text", "")
    found = pasted.cleaned(text, to_simplified=form.to_simplified.data)
    return page(
        "people/import/cleaning.html",
        form=form,
        found=found,
        said={change.what: lazy_gettext(SAID[change.what]) for change in found.changes},
        is_cut=len(text) > pasted.MOST_CHARACTERS,
    )
