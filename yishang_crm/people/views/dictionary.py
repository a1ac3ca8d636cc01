"""The dictionary: honours, offices of chambers, kinds of relation; kept by the bureau."""

from typing import Any

from flask import Blueprint, abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, needs, page
from yishang_crm.people import actions, queries, words
from yishang_crm.people.models.dictionary import Dictionary, DictionaryWord
from yishang_crm.people.organization_forms import WordForm

bp = Blueprint("dictionary", __name__, url_prefix="/people/dictionary")


@bp.get("")
@needs(Permission.PEOPLE_DICTIONARY)
def index() -> Any:
    return _list(WordForm())


@bp.post("")
@needs(Permission.PEOPLE_DICTIONARY)
def add() -> Any:
    form = WordForm()
    if not form.validate():
        return _list(form, status=422)
    word = actions.add_word(
        g.actor, dictionary=Dictionary(form.dictionary.data), name=form.name.data, other=form.other.data
    )
    flash(_("已添上“%(name)s”。", name=word.name), "done")
    return done(then=url_for("dictionary.index", _anchor=word.dictionary.value))


@bp.get("/<int:word_id>")
@needs(Permission.PEOPLE_DICTIONARY)
def word(word_id: int) -> Any:
    found = queries.dictionary_word(word_id) or abort(404)
    return _word(found, WordForm(obj=found, data={"dictionary": found.dictionary.value}))


@bp.post("/<int:word_id>")
@needs(Permission.PEOPLE_DICTIONARY)
def save(word_id: int) -> Any:
    found = queries.dictionary_word(word_id) or abort(404)
    form = WordForm()
    form.dictionary.data = found.dictionary.value
    if not form.validate():
        return _word(found, form, status=422)
    if form.version.data != found.version:
        theirs = [
            (form[name].label.text, getattr(found, name), form[name].data)
            for name in ("name", "other", "display_order")
            if getattr(found, name) != form[name].data
        ]
        form.version.data, form.version.raw_data = found.version, None
        return _word(found, form, theirs=theirs, status=409)
    actions.edit_word(
        g.actor,
        found,
        version=form.version.data,
        name=form.name.data,
        other=form.other.data,
        display_order=form.display_order.data or 0,
    )
    flash(_("已保存。"), "done")
    return done(then=url_for("dictionary.index", _anchor=found.dictionary.value))


@bp.post("/<int:word_id>/confirmation")
@needs(Permission.PEOPLE_DICTIONARY)
def confirm(word_id: int) -> Any:
    found = queries.dictionary_word(word_id) or abort(404)
    actions.confirm_word(g.actor, found, version=asked.version(request.form))
    return done(then=url_for("dictionary.index", _anchor=found.dictionary.value))


@bp.post("/<int:word_id>/closing")
@needs(Permission.PEOPLE_DICTIONARY)
def close(word_id: int) -> Any:
    found = queries.dictionary_word(word_id) or abort(404)
    actions.close_word(g.actor, found)
    flash(_("“%(name)s”已停用，用过它的记录不变。", name=found.name), "done")
    return done(then=url_for("dictionary.index", _anchor=found.dictionary.value))


@bp.post("/<int:word_id>/reopening")
@needs(Permission.PEOPLE_DICTIONARY)
def reopen(word_id: int) -> Any:
    found = queries.dictionary_word(word_id) or abort(404)
    actions.reopen_word(g.actor, found)
    return done(then=url_for("dictionary.index", _anchor=found.dictionary.value))


def _list(form: WordForm, *, status: int = 200) -> Any:
    found = queries.all_words()
    lists = [(one, words.say(one), [word for word in found if word.dictionary == one]) for one in Dictionary]
    return page("people/dictionary/index.html", lists=lists, form=form, status=status)


def _word(found: DictionaryWord, form: WordForm, *, theirs: Any = (), status: int = 200) -> Any:
    return page(
        "people/dictionary/word.html",
        word=found,
        form=form,
        theirs=theirs,
        dictionary=words.say(found.dictionary),
        status=status,
    )
