"""S4: what is not one's own differs in nothing from what does not exist: words, headers, validators, work done."""

import re

import pytest

from tests.cast import Cast, signed_in
from tests.house.planted import OF_A_UNIT, Planted, plant

CHANGING = re.compile(r"[0-9a-f]{12}")  # the request's id


def absent_beside(planted: Planted) -> Planted:
    """The same addresses, but for the row: nothing bears these numbers."""
    return Planted(planted.values | dict.fromkeys(OF_A_UNIT, 987_654_321))


def pages_of_rows(app):
    """Every page whose address names a row of one unit."""
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.arguments & OF_A_UNIT and not rule.endpoint.startswith("static"):
            yield rule


@pytest.mark.parametrize(
    "conditions", [{}, {"If-None-Match": "*"}, {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}]
)
def test_a_foreign_row_answers_as_one_that_is_not_there(app, cast: Cast, conditions):
    planted, browser = plant(app, cast), signed_in(app.test_client(), "huaining")
    tried = 0
    for rule in pages_of_rows(app):
        foreign = browser.get(planted.address(app, rule), headers=conditions)
        absent = browser.get(absent_beside(planted).address(app, rule), headers=conditions)
        if absent.status_code != 404:
            continue  # a page that Huaining may not open at all, or that shows a list
        said = [(one.status_code, shape(one.text), headers(one)) for one in (foreign, absent)]
        assert said[0] == said[1], rule.rule
        tried += 1
    assert tried > 15


def test_a_foreign_row_is_asked_for_as_often_as_one_that_is_not_there(app, cast: Cast, count_queries):
    """What an answer takes is its questions: both stop at the first that finds nothing."""
    planted, browser = plant(app, cast), signed_in(app.test_client(), "huaining")
    for rule in pages_of_rows(app):
        with count_queries() as foreign:
            browser.get(planted.address(app, rule))
        with count_queries() as absent:
            answer = browser.get(absent_beside(planted).address(app, rule))
        if answer.status_code == 404:
            assert (rule.rule, foreign.n) == (rule.rule, absent.n)


def test_no_page_bears_a_validator_that_could_tell_whether_it_changed(app, cast: Cast):
    planted, browser = plant(app, cast), signed_in(app.test_client(), "tongcheng")
    seen = 0
    for rule in pages_of_rows(app):
        answer = browser.get(planted.address(app, rule))
        if answer.status_code == 200:
            assert (rule.rule, {"ETag", "Last-Modified"} & set(answer.headers.keys())) == (rule.rule, set())
            assert answer.headers["Cache-Control"] == "no-store"
            again = browser.get(planted.address(app, rule), headers={"If-None-Match": "*"})
            assert (rule.rule, again.status_code) == (rule.rule, 200)
            seen += 1
    assert seen > 10


def shape(text: str) -> str:
    return CHANGING.sub("…", text)


def headers(answer) -> dict[str, str]:
    return {
        name: value
        for name, value in answer.headers.items()
        if name not in ("X-Request-Id", "Set-Cookie", "Date")
    }
