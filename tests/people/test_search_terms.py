import sqlite3
from collections.abc import Callable, Iterator

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yishang_crm.people.search_terms import (
    FTS5_COLUMNS,
    FTS5_TOKENIZE,
    DigitTail,
    HanRun,
    LatinRun,
    Query,
    SearchTerms,
    fts5_match,
    national_digits,
    parse_query,
    person_terms,
    tsquery,
    tsvector_text,
)

Find = Callable[..., set[str]]

PEOPLE: dict[str, SearchTerms] = {
    "江望之": person_terms(
        "江望之",
        organizations=[("深圳市安庆星辰科技有限公司", "安庆星辰")],
        titles=["董事长"],
        phones=["+8619900000417"],
        wechat=["jwz_88"],
        units=[1],
    ),
    "王楚": person_terms(
        "王楚",
        organizations=[("桐城楚河实业集团", None)],
        titles=["董事长兼总经理"],
        phones=["+8619900001234"],
        units=[1, 2],
    ),
    "王楚明": person_terms(
        "王楚明", organizations=[("庆安重工", None)], phones=["+8619900005678"], units=[2]
    ),
    "王小明": person_terms(
        "王小明", titles=["副秘书长"], phones=["+8619900000418", "+865560001111"], units=[2]
    ),
    "曾乐": person_terms("曾乐", units=[2]),
    "查济": person_terms("查济", units=[2]),
    "單雄": person_terms("單雄", units=[2]),
    "吕布": person_terms("吕布", units=[2]),
    "陈玉兰": person_terms("陈玉兰", units=[2]),
    "金玉": person_terms("金玉", units=[2]),
    "潘月娟": person_terms("潘月娟", units=[2]),
    "孙女英": person_terms("孙女英", units=[2]),
    "陳大文": person_terms(
        "陳大文",
        romanized=["Chan Tai-man"],
        organizations=[("奇虎360", "360")],
        phones=["+85200007788"],
        units=[2],
    ),
    "欧阳明": person_terms("欧阳明", former_names=["秦川"], units=[2]),
    "阿依夏·买买提": person_terms("阿依夏·买买提", units=[2]),
    "David O'Brien": person_terms("David O'Brien", organizations=[("TCL科技", None)], units=[2]),
    "周𠮷": person_terms("周𠮷", units=[2]),
    "朱\U0002cb4e": person_terms("朱\U0002cb4e", units=[2]),
    "林望": person_terms("林望", organizations=[("之江电器", None)], units=[2]),
    "Ян": person_terms("Ян", units=[2]),
    "汪楚江": person_terms("汪楚江", organizations=[("望江纺织", None)], units=[2]),
}

FOUND = [
    ("江望之", {"江望之"}),
    ("江 望 之", {"江望之"}),
    ("江　望　之", {"江望之"}),
    ("jiangwangzhi", {"江望之"}),
    ("Jiang Wangzhi", {"江望之"}),
    ("jiang wang zhi", {"江望之"}),
    ("JWZ", {"江望之"}),
    ("j w z", {"江望之"}),
    ("jiangwz", {"江望之"}),
    ("ＪＷＺ", {"江望之"}),
    ("jiang'wang'zhi", {"江望之"}),
    ("jiāngwàngzhī", {"江望之"}),
    ("jwz_88", {"江望之"}),
    ("0417", {"江望之"}),
    ("417", {"江望之"}),
    ("０４１７", {"江望之"}),
    ("199 0000 0417", {"江望之"}),
    ("+86 199-0000-0417", {"江望之"}),
    ("008619900000417", {"江望之"}),
    ("19900000417", {"江望之"}),
    ("199", set()),
    ("000 1111", {"王小明"}),
    ("0556-0001111", {"王小明"}),
    ("+86 556 0001111", {"王小明"}),
    ("00007788", {"陳大文"}),
    ("+852 0000 7788", {"陳大文"}),
    ("007788", {"陳大文"}),
    ("安庆", {"江望之"}),
    ("庆安", {"王楚明"}),
    ("安庆星辰", {"江望之"}),
    ("安慶", {"江望之"}),
    ("星辰科技", {"江望之"}),
    ("王", {"王楚", "王楚明", "王小明"}),
    ("楚", {"王楚", "王楚明", "汪楚江"}),
    ("王楚", {"王楚", "王楚明"}),
    ("wangchu", {"王楚", "王楚明", "汪楚江"}),
    ("wc", {"王楚", "王楚明", "汪楚江"}),
    ("wxm", {"王小明"}),
    ("wangxm", {"王小明"}),
    ("王 桐城 董事长", {"王楚"}),
    ("董事长", {"江望之", "王楚"}),
    ("秘书长", {"王小明"}),
    ("王 5678", {"王楚明"}),
    ("wang 5678", {"王楚明"}),
    ("wang 望江", {"汪楚江"}),
    ("jiang 望江", set()),
    ("望之", {"江望之"}),
    ("之望", set()),
    ("望之江", set()),
    ("之王", set()),
    ("zengle", {"曾乐"}),
    ("cengyue", {"曾乐"}),
    ("zhaji", {"查济"}),
    ("chaji", {"查济"}),
    ("单雄", {"單雄"}),
    ("單雄", {"單雄"}),
    ("shanxiong", {"單雄"}),
    ("danx", {"單雄"}),
    ("lvbu", {"吕布"}),
    ("lubu", {"吕布"}),
    ("lü bu", {"吕布"}),
    ("LYU Bu", {"吕布"}),
    ("lyubu", {"吕布"}),
    ("chenyulan", {"陈玉兰"}),
    ("chen yu lan", {"陈玉兰"}),
    ("CHEN Yulan", {"陈玉兰"}),
    ("chenyu", {"陈玉兰"}),
    ("jinyu", {"金玉"}),
    ("jin yu", {"金玉"}),
    ("panyuejuan", {"潘月娟"}),
    ("sunnvying", {"孙女英"}),
    ("sunnüying", {"孙女英"}),
    ("sunnyuying", {"孙女英"}),
    ("SUN Nyuying", {"孙女英"}),
    ("sunnuying", {"孙女英"}),
    ("nyunyunyunyu", set()),
    ("陈大文", {"陳大文"}),
    ("chan tai man", {"陳大文"}),
    ("taiman", {"陳大文"}),
    ("tai-man chan", {"陳大文"}),
    ("chendawen", {"陳大文"}),
    ("360", {"陳大文"}),
    ("ouyang", {"欧阳明"}),
    ("oym", {"欧阳明"}),
    ("秦川", {"欧阳明"}),
    ("qinchuan", {"欧阳明"}),
    ("明秦", set()),
    ("阿依夏买买提", {"阿依夏·买买提"}),
    ("阿依夏·买买提", {"阿依夏·买买提"}),
    ("买买提", {"阿依夏·买买提"}),
    ("obrien", {"David O'Brien"}),
    ("O’Brien david", {"David O'Brien"}),
    ("do", {"David O'Brien"}),
    ("tcl", {"David O'Brien"}),
    ("TCL科技", {"David O'Brien"}),
    ("𠮷", {"周𠮷"}),
    ("周𠮷", {"周𠮷"}),
    ("\U0002cb4e", {"朱\U0002cb4e"}),
    ("朱\U0002cb4e", {"朱\U0002cb4e"}),
    ("ян", {"Ян"}),
    ("王 AND 楚", set()),
    ("王 OR 江", set()),
    ('"王楚"', {"王楚", "王楚明"}),
    ("王楚*", {"王楚", "王楚明"}),
    ("NEAR(王 楚)", set()),
    ("han:王", set()),
    ("-王楚 ^( ) ' \\ & | ! <-> :*", {"王楚", "王楚明"}),
    ("王\x00楚", {"王楚", "王楚明"}),
    ("wc-", {"王楚", "王楚明", "汪楚江"}),
    ("*", set()),
    ('"', set()),
    ("''", set()),
    ("()", set()),
    ("\x00", set()),
    ("\ud800", set()),
    ("😀", set()),
    ("王" * 100_000, set()),
    ("a" * 100_000, set()),
]


@pytest.fixture(scope="module")
def on_sqlite() -> Iterator[Find]:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        f"CREATE VIRTUAL TABLE terms USING fts5({', '.join(FTS5_COLUMNS)}, content='', tokenize='{FTS5_TOKENIZE}')"
    )
    for rowid, terms in enumerate(PEOPLE.values()):
        marks = ", ".join("?" for _ in FTS5_COLUMNS)
        connection.execute(
            f"INSERT INTO terms (rowid, {', '.join(FTS5_COLUMNS)}) VALUES (?, {marks})", (rowid, *terms.row())
        )
    names = list(PEOPLE)

    def find(text: str, **limits: list[int]) -> set[str]:
        match = fts5_match(parse_query(text), **limits)
        assert match is not None
        return {
            names[row[0]]
            for row in connection.execute("SELECT rowid FROM terms WHERE terms MATCH ?", (match,))
        }

    yield find
    connection.close()


@pytest.fixture(scope="module")
def terms_on_postgresql(postgresql) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgresql.get_uri()) as connection:
        connection.execute("CREATE TEMPORARY TABLE terms (name text, terms tsvector)")
        for name, terms in PEOPLE.items():
            connection.execute(
                "INSERT INTO terms VALUES (%s, cast(%s AS tsvector))", (name, tsvector_text(terms))
            )
        yield connection


@pytest.fixture(params=["cast(%s AS tsquery)", "to_tsquery('simple', %s)"])
def on_postgresql(terms_on_postgresql, request) -> Find:
    def find(text: str, **limits: list[int]) -> set[str]:
        sought = tsquery(parse_query(text), **limits)
        found = terms_on_postgresql.execute(
            f"SELECT name FROM terms WHERE terms @@ {request.param}", (sought,)
        )
        return {row[0] for row in found}

    return find


@pytest.mark.parametrize(("typed", "found"), FOUND, ids=[ascii(typed)[:40] for typed, _ in FOUND])
def test_who_is_found_on_sqlite(on_sqlite, typed, found):
    assert on_sqlite(typed) == found


def test_who_is_found_on_postgresql(on_postgresql):
    assert {typed: on_postgresql(typed) for typed, _ in FOUND} == dict(FOUND)


def test_a_search_stays_inside_the_units_it_is_given(on_sqlite, on_postgresql):
    for find in (on_sqlite, on_postgresql):
        assert find("王", units=[1]) == {"王楚"}
        assert find("王", units=[1, 2]) == {"王楚", "王楚明", "王小明"}
        assert find("王", units=[]) == set()
        assert find("u1 none", units=[1]) == set()


STRANGE = st.text(max_size=60) | st.text(alphabet="王楚江ab1 \"*():-^'&|!<>\\\x00NEARODx·none", max_size=60)


@given(text=STRANGE)
@settings(max_examples=300, deadline=None)
def test_nothing_typed_breaks_the_search_or_finds_everybody_on_sqlite(on_sqlite, text):
    if text.strip():
        assert on_sqlite(text) < set(PEOPLE)


@given(text=STRANGE)
@settings(max_examples=150, deadline=None)
def test_both_databases_find_the_same(on_sqlite, terms_on_postgresql, text):
    if text.strip():
        sought = tsquery(parse_query(text))
        found = terms_on_postgresql.execute(
            "SELECT name FROM terms WHERE terms @@ cast(%s AS tsquery)", (sought,)
        )
        assert {row[0] for row in found} == on_sqlite(text)


@given(name=st.text(max_size=40), company=st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_name_can_stand_in_either_index(terms_on_postgresql, name, company):
    terms = person_terms(
        name, organizations=[(company, name)], titles=[company], wechat=[name], romanized=[company]
    )
    terms_on_postgresql.execute("SELECT cast(%s AS tsvector)", (tsvector_text(terms),))
    tokens = " ".join(terms.row()).split()
    assert all(token.isalnum() for token in tokens)


def test_an_endless_name_still_fits():
    terms = person_terms("王" * 50_000, organizations=[("a" * 50_000, None)])
    assert max(len(lexeme) for lexeme in tsvector_text(terms).split()) < 2_046
    assert len(terms.latin) == 100


def test_what_was_typed_is_understood():
    assert parse_query("王 桐城 jiang wang 0417") == Query(
        (HanRun(("王",)), HanRun(("桐", "城")), LatinRun(("jiang", "wang")), DigitTail("0417")), typed=True
    )
    assert parse_query("12") == Query((LatinRun(("12",)),), typed=True)


def test_nothing_typed_is_no_search_and_only_signs_find_nobody():
    assert parse_query(" \n\u3000") == Query((), typed=False)
    assert fts5_match(parse_query("")) is None
    assert tsquery(parse_query("")) is None
    assert parse_query("***").finds_nothing


def test_a_name_does_not_run_into_the_company():
    assert PEOPLE["林望"].han == "林 望 x 之 江 电 器"
    assert tsvector_text(PEOPLE["林望"]).startswith("'h林':1 'h望':2 'h之':4")


@pytest.mark.parametrize(
    ("phone", "digits"),
    [
        ("+8619900000417", "19900000417"),
        ("19900000417", "19900000417"),
        ("+865560001111", "05560001111"),
        ("+861000001111", "01000001111"),
        ("+8651200001111", "051200001111"),
        ("+85200007788", "85200007788"),
        ("+12025550123", "12025550123"),
        ("0417", "0417"),
        ("", ""),
    ],
)
def test_a_phone_as_it_is_typed_at_home(phone, digits):
    assert national_digits(phone) == digits
