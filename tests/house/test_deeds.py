"""Whatever the trail can tell of has a name that an auditor understands, and its verb is left by one deed alone."""

import ast
from collections import Counter

import pytest
from flask_babel import force_locale, gettext

from tests.house.test_sources import SOURCES, tree
from tests.house.verbs import Verbs, verbs_of
from yishang_crm.core import deeds
from yishang_crm.core.audit import AuditEntry
from yishang_crm.core.words import LANGUAGES


@pytest.fixture(scope="module")
def verbs() -> Verbs:
    return verbs_of({name: tree(name) for name in SOURCES})


def test_every_verb_is_found_in_the_sources(verbs):
    assert verbs.faults == []
    assert {
        "people.stewards.ask", "people.exports.ask", "people.import", "people.edit_many", "people.update_from_file",
        "portal.guest.not_me", "core.undo.undo", "core.rotation.reencrypt", "core.trail.refused", "outbox.deliver",
    } <= verbs.left_by.keys()  # fmt: skip


def test_a_verb_is_left_by_one_deed_alone(verbs):
    assert verbs.left_by_two == {}


def test_every_deed_has_a_name_and_every_name_a_deed(app, verbs):
    nameless = verbs.left_by.keys() - deeds.names().keys()
    idle = deeds.names().keys() - verbs.left_by.keys()
    assert (nameless, idle) == (set(), set())


def test_a_name_is_short_and_chinese(app):
    odd = [name for name in deeds.names().values() if not 2 <= len(name) <= 14]
    assert odd == []
    assert [name for name in deeds.names().values() if any("a" <= sign.lower() <= "z" for sign in name)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_deeds_bear_one_name(app, language):
    with app.test_request_context(), force_locale(language):
        names = Counter(name.casefold() for name in deeds.said(gettext))
    assert [name for name, times in names.items() if times > 1] == []


def test_every_verb_fits_its_column(verbs):
    longest = AuditEntry.__table__.c.verb.type.length
    assert [verb for verb in verbs.left_by if len(f"{verb}.opened") > longest] == []


def test_nobody_writes_an_entry_past_the_deed():
    making = {
        name
        for name in SOURCES
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call) and ast.unparse(node).startswith(("AuditEntry(", "audit.AuditEntry(", "sa.insert(AuditEntry"))
    }  # fmt: skip
    assert making == set()


# The reading itself: what would slip past it


def read(**files: str) -> Verbs:
    return verbs_of({f"people/{name}.py": ast.parse(text) for name, text in files.items()})


CARRIED = """
def bulk(actor, permission, verb, *, about=""):
    with doing(Deed(actor, verb, about)):
        pass

def taking_notes(actor, permission, verb, *, sentence):
    with bulk(actor, permission, verb):
        pass

def _carry_out(actor, verb, step):
    with core.undo.taking_notes(actor, P.X, verb, sentence="") as notes:
        step(notes)
"""


def test_a_verb_is_followed_through_what_hands_it_on():
    verbs = read(actions=CARRIED + "def edit(actor):\n    _carry_out(actor, 'people.edit', print)\n")
    assert (verbs.left_by, verbs.faults) == ({"people.edit": {("people/actions.py", "edit")}}, [])


def test_two_files_that_leave_one_verb_are_found():
    deed = "@action(P.X)\ndef ask(actor):\n    pass\n"
    verbs = verbs_of({"people/actions/one.py": ast.parse(deed), "people/actions/two.py": ast.parse(deed)})
    assert list(verbs.left_by_two) == ["people.ask"]
    apart = verbs_of({"people/one/actions.py": ast.parse(deed), "people/two/actions.py": ast.parse(deed)})
    assert (apart.left_by_two, sorted(apart.left_by)) == ({}, ["people.one.ask", "people.two.ask"])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("def edit(actor, kind):\n    Deed(actor, f'people.{kind}')", "write the verb out"),
        ("VERB = 'people.edit'\ndef edit(actor):\n    Deed(actor, VERB)", "write the verb out"),
        ("def edit(actor):\n    Deed(*somebody)", "write the verb out"),
        ("def edit(actor):\n    Deed(actor, 'accounts.edit')", "names another room"),
        ("def edit(actor):\n    Deed(actor, verb='edit')", "names another room"),
        ("def edit(actor):\n    Bulk(actor, WORD, about='')", "write the verb out"),
        ("def edit(actor):\n    Permit(actor, WORD, '')", "write the verb out"),
        ("def edit(actor, verb):\n    verb += '.x'\n    Deed(actor, verb)", "exchanged"),
        ("def edit(verb):\n    Deed(HOUSE, verb)\ndef other():\n    edit(WORD)", "write the verb out"),
        ("D = Deed", "another name"),
        ("from yishang_crm.core.deed import Deed as D", "another name"),
        ("open = functools.partial(core.deed.Deed, HOUSE)", "another name"),
        ("from yishang_crm.core.audit import action as doable", "another name"),
        ("def edit(actor):\n    pass\nedit = action(P.X)(edit)", "@action"),
        ("@action(P.X)\ndef _edit(actor):\n    pass", "private"),
        ("def edit(deed):\n    deed.verb = 'people.other'", "exchanged"),
        ("def edit(deed):\n    return replace(deed, verb='people.other')", "exchanged"),
        ("def edit(deed):\n    setattr(deed, 'verb', 'people.other')", "exchanged"),
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_a_fault(text, fault):
    (told,) = read(actions=text).faults
    assert fault in told
