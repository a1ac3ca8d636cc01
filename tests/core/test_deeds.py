"""Names of deeds: said by rooms, told to readers, found by what somebody types."""

import pytest

from yishang_crm.core import deeds


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setattr(deeds, "_names", {})
    deeds.say_deeds("hall", {"open": "开馆", "close": "闭馆"})
    deeds.say_deeds("hall.garden", {"open": "开园门"})


@pytest.mark.parametrize(
    ("module", "verb"),
    [
        ("yishang_crm.people.actions", "people.ask"),
        ("yishang_crm.people.actions.imports.writing", "people.ask"),
        ("yishang_crm.people.stewards.actions", "people.stewards.ask"),
        ("yishang_crm.portal.guest.actions", "portal.guest.ask"),
        ("yishang_crm.core.rotation", "core.rotation.ask"),
        ("tests.reception.arranged", "tests.reception.arranged.ask"),
    ],
)
def test_a_verb_names_the_small_room_and_the_function(module, verb):
    assert deeds.verb_of(module, "ask") == verb


@pytest.mark.parametrize(
    ("verb", "name"),
    [
        ("hall.open", "开馆"), ("hall.garden.open", "开园门"), ("hall.open.opened", "开馆：开始"), ("hall.open.chunk", "开馆：一批"),
        # Of earlier versions.
        ("hall._begin", "hall._begin"), ("hall._begin.chunk", "hall._begin.chunk"), ("refused", "refused"), ("", ""),
    ],
)  # fmt: skip
def test_a_deed_is_told_by_its_name_and_a_verb_without_one_as_it_is(verb, name):
    assert deeds.told(verb) == name


def steps(verb: str) -> list[str]:
    return [verb, f"{verb}.opened", f"{verb}.chunk"]


@pytest.mark.parametrize(
    ("typed", "beginning", "verbs"),
    [
        ("", "", []), ("  ", "", []),
        ("闭馆", "闭馆", steps("hall.close")),
        (" 开 ", "开", [*steps("hall.open"), "hall.close.opened", *steps("hall.garden.open")]),
        ("开馆：一批", "开馆：一批", ["hall.open.chunk"]),
        ("hall", "hall", []),
        ("hall.garden", "hall.garden", []),
        # A whole verb is that deed, not whatever begins like it.
        ("hall.open", "", steps("hall.open")),
        ("hall.open.chunk", "hall.open.chunk", []),
        ("%", "%", []),
    ],
)  # fmt: skip
def test_what_is_typed_means_names_or_the_beginning_of_verbs(typed, beginning, verbs):
    meant = deeds.meant(typed)
    assert (meant.beginning, list(meant.verbs)) == (beginning, verbs)
    assert meant.is_narrow == bool(typed.strip())


def test_names_are_looked_for_in_the_readers_language():
    english = {
        "开馆": "Open the hall",
        "闭馆": "Close the hall",
        "开园门": "Open the gate",
        "%(deed)s：开始": "%(deed)s: begun",
    }
    meant = deeds.meant("open the HALL", lambda sentence: english.get(sentence, sentence))
    assert list(meant.verbs) == steps("hall.open")
    assert list(deeds.meant("开馆", lambda sentence: english.get(sentence, sentence)).verbs) == []
