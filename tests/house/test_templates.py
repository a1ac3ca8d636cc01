"""Templates: each compiles, pages have titles, nothing is marked safe, fragments have one root with an id."""

import functools
import re
from html.parser import HTMLParser

import pytest
from jinja2 import StrictUndefined, nodes
from jinja2.meta import find_referenced_templates

from tests.house.planted import plant, rules, visitor
from tests.house.test_static import ROOT

FOLDER = ROOT / "templates"
ALL = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())
PAGES = [
    name
    for name in ALL
    if name.endswith(".html")
    and not name.startswith(("layout/", "parts/", "letters/"))
    and not name.rpartition("/")[2].startswith("_")
    and name.rpartition("/")[2] != "parts.html"  # macros of one room
]
VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
    "use",
    "path",
}


@functools.cache
def source(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


def without_comments(name: str) -> str:
    return re.sub(r"\{#.*?#\}", "", source(name), flags=re.DOTALL)


@pytest.fixture(scope="module")
def parsed(app) -> dict[str, nodes.Template]:
    return {name: app.jinja_env.parse(source(name)) for name in ALL}


def test_an_unknown_word_in_a_template_is_an_error(app):
    assert app.jinja_env.undefined is StrictUndefined
    with app.app_context():
        assert app.jinja_env.autoescape("people/show.html") is True


@pytest.mark.parametrize("name", ALL)
def test_it_compiles(app, name):
    assert app.jinja_env.get_template(name).name == name


def test_every_template_that_is_named_exists(parsed):
    missing = {
        (name, wanted)
        for name, tree in parsed.items()
        for wanted in find_referenced_templates(tree)
        if wanted is not None and wanted not in parsed
    }
    assert missing == set()


def test_every_filter_test_and_global_is_known(app, parsed):
    env = app.jinja_env
    for name, tree in parsed.items():
        unknown = {each.name for each in tree.find_all(nodes.Filter)} - set(env.filters)
        unknown |= {each.name for each in tree.find_all(nodes.Test)} - set(env.tests)
        assert unknown == set(), name


def test_pages_extend_a_layout_and_have_a_title(parsed):
    for name in PAGES:
        tree = parsed[name]
        assert list(tree.find_all(nodes.Extends)), name
        titles = {block.name for block in tree.find_all(nodes.Block)}
        assert titles & {"title", "whole_title"} or _title_of_parent(parsed, tree), name


def _title_of_parent(parsed, tree) -> bool:
    parents = [
        found
        for found in find_referenced_templates(tree)
        if found and not found.startswith(("layout/", "parts/"))
    ]
    return any(
        {block.name for block in parsed[parent].find_all(nodes.Block)} & {"title", "whole_title"}
        for parent in parents
    )


def test_no_layout_is_extended_but_that_of_the_reader(parsed):
    for name in PAGES:
        extended = [
            each.template.value
            for each in parsed[name].find_all(nodes.Extends)
            if isinstance(each.template, nodes.Const)
        ]
        assert "layout/base.html" not in extended, name


# Drawn by ourselves: a QR code as SVG, its label escaped.
DRAWN_BY_US = {"portal/guest/pass.html"}


def test_nothing_is_marked_safe(parsed):
    for name, tree in parsed.items():
        assert (
            name in DRAWN_BY_US
            or [each.lineno for each in tree.find_all(nodes.Filter) if each.name in ("safe", "forceescape")]
            == []
        ), name
        assert "{% autoescape" not in source(name), name
        calls = {each.node.name for each in tree.find_all(nodes.Call) if isinstance(each.node, nodes.Name)}
        assert "Markup" not in calls, name


def test_markup_is_made_in_few_places():
    """What is not escaped is made by code that escapes; whoever adds a place writes it here."""
    makers = {
        path.relative_to(ROOT / "yishang_crm").as_posix()
        for path in (ROOT / "yishang_crm").rglob("*.py")
        if re.search(r"\bMarkup\(", path.read_text("utf-8"))
    }
    assert makers <= MAKERS, makers - MAKERS


# QR codes drawn by ourselves, a template of ours that has escaped what was typed, our own sentences, and a choice's option.
MAKERS = {
    "accounts/codes.py", "conference/views/guest.py", "followup/views/log.py", "portal/guest/views.py",
    "core/speech.py", "core/web.py",
}  # fmt: skip


def test_no_query_and_no_rule_stands_in_a_template(parsed):
    asking = re.compile(r"\b(session|query|select|scoped|visible_to|commit|whole)\(")
    assert [name for name in ALL if asking.search(without_comments(name))] == []


def test_every_endpoint_that_a_template_names_exists(app, parsed):
    views, unknown = set(app.view_functions), set()
    for name, tree in parsed.items():
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "url_for" and call.args:
                unknown |= {
                    (name, endpoint) for endpoint in _constants(call.args[0]) if endpoint not in views
                }
    assert unknown == set()


def _constants(node: nodes.Node) -> list[str]:
    if isinstance(node, nodes.Const):
        return [node.value]
    return (
        [each for child in node.iter_child_nodes() for each in _constants(child)]
        if isinstance(node, nodes.CondExpr)
        else []
    )


def test_every_endpoint_gets_its_parameters(app, parsed):
    needed: dict[str, set[frozenset[str]]] = {}
    for rule in app.url_map.iter_rules():
        needed.setdefault(rule.endpoint, set()).add(frozenset(rule.arguments - set(rule.defaults or ())))
    short = set()
    for name, tree in parsed.items():
        for call in tree.find_all(nodes.Call):
            named = isinstance(call.node, nodes.Name) and call.node.name == "url_for"
            if not named or not call.args or call.dyn_kwargs or not isinstance(call.args[0], nodes.Const):
                continue
            given = {keyword.key for keyword in call.kwargs}
            if not any(wanted <= given for wanted in needed.get(call.args[0].value, {frozenset()})):
                short.add((name, call.args[0].value, tuple(sorted(given))))
    assert short == set()


@pytest.mark.parametrize("name", ALL)
def test_every_form_that_changes_something_carries_its_token(name):
    """`csrf()` of the parts, the field itself, or a macro that brings it."""
    page = without_comments(name)
    for form in re.findall(r"<form\b[^>]*>.*?</form>", page, flags=re.DOTALL | re.IGNORECASE):
        head = form[: form.index(">")]
        if re.search(r"""method=["']?post""", head, re.IGNORECASE):
            assert re.search(r"csrf", form), (name, head)


# Fragments, as they are answered to htmx


class Roots(HTMLParser):
    """The elements at the top of a piece of markup."""

    def __init__(self) -> None:
        super().__init__()
        self.depth, self.roots, self.text = 0, [], ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.roots.append((tag, dict(attrs)))
        if tag not in VOID:
            self.depth += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.depth == 0:
            self.roots.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.depth == 0:
            self.text += data.strip()


# They append rows to a list, or answer into a place that already has its id.
APPENDED = {"followup.timeline", "people.palette", "followup.chips", "reception.guests"}


def test_a_page_asked_for_by_htmx_is_one_element_with_an_id(app, cast):
    world, seen = plant(app, cast), set()
    for login in ("organizer", "tongcheng", "ambassador", "admin", "auditor"):
        client = visitor(app, login)
        for rule in rules(app, "GET"):
            if rule.endpoint in {"static", "guest.letter"}:
                continue
            answer = client.get(world.address(app, rule), headers={"HX-Request": "true"})
            if (
                answer.status_code != 200
                or answer.mimetype != "text/html"
                or "<!doctype" in answer.text.lower()
            ):
                continue
            parser = Roots()
            parser.feed(answer.text)
            assert parser.depth == 0, f"{rule.endpoint}: an element stays open"
            if rule.endpoint not in APPENDED:
                assert [bool(attrs.get("id")) for _, attrs in parser.roots] == [True], (
                    rule.endpoint,
                    parser.roots,
                )
                assert parser.text == "", (rule.endpoint, parser.text)
            seen.add(rule.endpoint)
    assert len(seen) > 10


@pytest.mark.parametrize("name", ALL)
def test_every_element_that_is_opened_is_closed(name):
    """Read without its statements, a template that is no macro and has no branches balances."""
    text = without_comments(name)
    if (
        re.search(r"\{%-?\s*(if|for|macro|call)\b", text)
        or not name.endswith(".html")
        or name.startswith("layout/")
    ):
        return
    parser = Roots()
    parser.feed(re.sub(r"\{%.*?%\}", "", re.sub(r"\{\{.*?\}\}", "x", text, flags=re.DOTALL), flags=re.DOTALL))
    assert parser.depth == 0
