"""Sentences in templates: the same as Flask-Babel gives, in the language that is spoken at the moment."""

import inspect

import pytest
from flask import render_template_string
from flask_babel import force_locale, gettext, ngettext
from wtforms import SelectField
from wtforms.widgets import Select

from yishang_crm.core.web import Form, PlainSelect, options

LANGUAGES = ("zh_Hans", "zh_Hant", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_templates_and_python_say_the_same(app, language):
    with app.test_request_context(), force_locale(language):
        assert render_template_string("{{ _('全部单位') }}") == gettext("全部单位")
        many = "{{ ngettext('已放行%(num)s封，正在排队。', '已放行%(num)s封，正在排队。', 2) }}"
        assert render_template_string(many) == ngettext(
            "已放行%(num)s封，正在排队。", "已放行%(num)s封，正在排队。", 2
        )


def test_three_languages_differ(app):
    with app.test_request_context():
        said = []
        for language in LANGUAGES:
            with force_locale(language):
                said.append(render_template_string("{{ _('全部单位') }}"))
    assert (said[:2], len(set(said))) == (["全部单位", "全部單位"], 3)


def test_what_people_typed_is_escaped_and_the_sentence_is_not(app):
    with app.test_request_context():
        template = "{{ _('选%(name)s', name=name) }}{{ _('<b>100%%</b>') }}"
        assert render_template_string(template, name="<i>") == "选&lt;i&gt;<b>100%</b>"


def test_a_letter_inside_a_page_may_speak_another_language(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        before = render_template_string("{{ _('全部单位') }}")
        with force_locale("zh_Hant"):
            within = render_template_string("{{ _('全部单位') }}")
        assert (within, render_template_string("{{ _('全部单位') }}")) == ("全部單位", before)
        assert before != within


def test_after_a_request_nothing_runs_in_a_thread_of_its_own(app):
    assert [inspect.iscoroutinefunction(ends) for ends in app.teardown_appcontext_funcs] == [False]


def test_a_choice_is_drawn_as_wtforms_draws_it(app):
    class Choosing(Form):
        unit = SelectField(
            "单位", choices=options([("", "请选"), ('"1', "<市局> & 县"), (3, "怀宁")]), default='"1'
        )

    with app.test_request_context():
        field = Choosing().unit
        assert type(field.widget) is PlainSelect
        assert field(**{"class": "in"}) == Select()(field, **{"class": "in"})
        assert '<option selected value="&#34;1">&lt;市局&gt; &amp; 县</option>' in field()
