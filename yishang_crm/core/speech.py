"""Sentences in the reader's language, as Flask-Babel gives them, found with one look.

A list asks for two hundred sentences; Flask-Babel asks six times for each who is speaking, which was a fifth of the page.
"""

from gettext import NullTranslations
from typing import Any

from flask import Flask
from flask_babel import Babel, Domain, get_locale
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup


def open_speech(app: Flask, babel: Babel) -> None:
    """Take the place of what Flask-Babel uses in Python and in templates."""
    babel.domain_instance = speech
    app.jinja_env.globals.update({"_": said, "gettext": said, "ngettext": said_of_many})


class Speech(Domain):
    """The catalogs, each kept under the language that is spoken at the moment: a letter may speak another than its page."""

    def __init__(self) -> None:
        super().__init__()
        self.catalogs: dict[tuple[str | None, ...], NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        if locale is None:
            return NullTranslations()
        spoken = (locale.language, locale.script, locale.territory)
        if spoken not in self.catalogs:
            self.catalogs[spoken] = super().get_translations()
        return self.catalogs[spoken]


speech = Speech()


@pass_context
def said(context: Context, sentence: str, /, **values: Any) -> str:
    """A sentence, its values filled in (and escaped, where the template escapes)."""
    return _filled(context, speech.get_translations().gettext(sentence), values)


@pass_context
def said_of_many(context: Context, one: str, many: str, number: int, /, **values: Any) -> str:
    """The same for a sentence that goes by a number, which it may show as `%(num)s`."""
    return _filled(context, speech.get_translations().ngettext(one, many, number), {"num": number} | values)


def _filled(context: Context, text: str, values: dict[str, Any]) -> str:
    if context.eval_ctx.autoescape:
        text = Markup(text)  # noqa: S704 - our own sentence; only what is filled in came from people
    # Every sentence is a format, as Jinja has it: a lone per cent sign is written twice.
    return text % values if "%" in text else text
