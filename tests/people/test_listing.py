"""The list: each condition finds whom it says, in scope, in every order, the same on both databases (S38)."""

import datetime as dt

import pytest
from werkzeug.datastructures import MultiDict

from tests.cast import Cast, unit_id
from tests.conference.arranged import an_edition, an_invited
from tests.followup.arranged import log
from tests.people.arranged import somebody
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.people import actions, queries
from yishang_crm.people.filters import Filters, filters_for
from yishang_crm.people.models import ContactState, Gender, PersonState, Tier
from yishang_crm.people.queries.near import near

pytestmark = pytest.mark.usefixtures("indoors")


@pytest.fixture
def people(cast: Cast):
    """Four of Tongcheng, one of Huaining."""
    jiang = somebody(
        cast.tongcheng,
        "江望之",
        phone="19900000001",
        email="jiang@example.cn",
        residence="东莞",
        industry="新材料",
    )
    zha = somebody(
        cast.tongcheng2,
        "查昉",
        phone="",
        tier=Tier.B,
        residence="惠州",
        gender=Gender.FEMALE,
        native_place="枞阳县",
    )
    wang = somebody(
        cast.tongcheng,
        "王伟",
        phone="19900000003",
        tier=Tier.C,
        gender=None,
        state=PersonState.RETIRED,
        source="商会名册",
    )
    ding = somebody(cast.tongcheng, "丁一", phone="19900000004", state=PersonState.DECEASED)
    far = somebody(cast.huaining, "江远", phone="19900000005", residence="东莞")
    actions.confirm(cast.tongcheng, jiang)
    wang.confirmed_at = now() - dt.timedelta(days=200)
    actions.forbid_contact(cast.tongcheng, ding, reason="家人来电")
    tag = actions.add_tag(cast.tongcheng, name="桐商")
    actions.set_cell_tags(cast.tongcheng, jiang, tag_ids=[tag.id], was=[])
    db.session.flush()
    return {person.name: person for person in (jiang, zha, wang, ding, far)} | {"tag": tag}


def names(actor, **said) -> list[str]:
    return [person.name for person in queries.page_of_people(actor, Filters.read(MultiDict(said)))]


FINDS = [
    ({"owner": "me"}, {"江望之", "王伟", "丁一"}),
    ({"owner": "none"}, set()),
    ({"tier": "B"}, {"查昉"}),
    ({"tier": "B,C"}, {"查昉", "王伟"}),
    ({"state": "retired"}, {"王伟"}),
    ({"state": "retired,deceased"}, {"王伟", "丁一"}),
    ({"place": "枞阳县"}, {"查昉"}),
    ({"residence": "东莞，惠州"}, {"江望之", "查昉"}),
    ({"chain": "新材料"}, {"江望之"}),
    ({"gender": "female"}, {"查昉"}),
    ({"gender": "unknown"}, {"王伟"}),
    ({"has": "nophone"}, {"查昉"}),
    ({"has": "phone,mail"}, {"江望之"}),
    ({"has": "phone,nomail"}, {"王伟", "丁一"}),
    ({"confirmed": "never"}, {"查昉", "丁一"}),
    ({"confirmed": "180d"}, {"查昉", "丁一", "王伟"}),
    ({"confirmed": "365d"}, {"查昉", "丁一"}),
    ({"confirmed": "2999-01-01"}, {"江望之", "查昉", "王伟", "丁一"}),
    ({"silent": "yes"}, {"丁一"}),
    ({"silent": "no", "tier": "A"}, {"江望之"}),
    ({"source": "商会名册"}, {"王伟"}),
    ({"q": "wang", "tier": "C"}, {"王伟"}),
]


@pytest.mark.parametrize(("said", "found"), FINDS, ids=range(len(FINDS)))
def test_a_condition_finds_whom_it_says_and_the_count_agrees(people, cast, said, found):
    assert set(names(cast.tongcheng, **said)) == found
    assert queries.count_up_to(cast.tongcheng, Filters.read(said)) == len(found)
    assert queries.listed(cast.tongcheng, Filters.read(said)).total == len(found)


def test_every_condition_is_tried(people, cast):
    elsewhere = {
        "lives",
        "firm",
        "formerly",
        "unit",
        "tag",
        "batch",
        "segment",
        "snapshot",
        "due",
        "quiet",
        "edition",
    }
    tried = {name for said, _ in FINDS for name in said}
    assert {one.name for one in filters_for(cast.bureau)} == tried | elsewhere


def test_the_list_of_a_unit_of_a_tag_and_of_an_edition(people, cast):
    huaining, tag = unit_id("340822"), people["tag"]
    assert names(cast.bureau, unit=str(huaining)) == ["江远"]
    assert names(cast.tongcheng, unit=str(huaining)) == []
    assert names(cast.tongcheng, tag=str(tag.id)) == ["江望之"]
    assert names(cast.huaining, tag=str(tag.id)) == []  # not even of their own: the tag is another unit's
    edition = an_edition(cast.organizer, slug="2027")
    an_invited(cast.tongcheng, edition, people["江望之"])
    assert names(cast.tongcheng, edition=str(edition.id)) == ["江望之"]
    assert names(cast.huaining, edition=str(edition.id)) == []


def test_who_is_overdue_or_was_not_contacted_for_long(people, cast):
    log(cast.tongcheng, people["江望之"], text="问候")
    log(cast.tongcheng, people["王伟"], text="问候", at=now() - dt.timedelta(days=500))
    assert names(cast.tongcheng, due="overdue") == ["王伟"]
    assert "江望之" not in names(cast.tongcheng, quiet="3")
    assert "王伟" in names(cast.tongcheng, quiet="12")


def test_another_unit_is_never_in_the_list_whatever_is_asked(people, cast):
    for said, _ in FINDS:
        assert "江远" not in names(cast.tongcheng, **said)
    assert names(cast.tongcheng, owner=str(cast.huaining.id)) == []


def test_whom_nobody_keeps_in_person(people, cast):
    actions.set_owner(
        cast.tongcheng, people["查昉"], unit_id=unit_id("340881"), user=None, was=cast.tongcheng2.id
    )
    assert names(cast.tongcheng, owner="none") == ["查昉"]


def test_a_wrong_number_is_no_phone(people, cast):
    (contact,) = queries.person_parts(cast.tongcheng, people["王伟"]).contacts
    actions.mark_contact(cast.tongcheng, contact, state=ContactState.WRONG)
    assert "王伟" in names(cast.tongcheng, has="nophone")
    actions.add_contact(cast.tongcheng, people["王伟"], typed="19900000033")
    assert "王伟" not in names(cast.tongcheng, has="nophone")


WRONG = {
    "tier": "Z", "state": "x", "unit": "abc", "tag": "x,y", "owner": "you", "gender": "3", "has": "fax",
    "confirmed": "2026-13-99", "silent": "perhaps", "batch": "-1", "segment": "1e9", "snapshot": "0x1", "sort": "name;--",
    "due": "never", "quiet": "x", "edition": "'",
}  # fmt: skip


def test_what_an_address_says_wrongly_is_left_out(people, cast):
    assert Filters.read(WRONG).said == {}
    assert Filters.read({"nobody": "knows", "tier": "A"}).said == {"tier": "A"}


@pytest.mark.parametrize("name", ["place", "residence", "chain", "source", "q"])
@pytest.mark.parametrize("typed", ["' OR 1=1 --", "%", "_", "\\", '"', "\x00", "长" * 5000, "<script>"])
def test_texts_are_compared_and_nothing_else(people, cast, name, typed):
    assert names(cast.tongcheng, **{name: typed}) == []


def test_ids_are_read_up_to_a_bound(cast):
    assert len(Filters.read({"tag": ",".join(map(str, range(1, 6000)))}).values("tag")) <= 20


def test_the_same_meaning_is_the_same_text():
    assert Filters.read({"tier": "C,A"}) == Filters.read(MultiDict([("tier", "A"), ("tier", "C")]))
    assert Filters(tier=("A",), q="江").but(q="").said == {"tier": "A"}
    assert Filters.read({"confirmed": "180d,2026-01-01"}).said == {"confirmed": "2026-01-01"}


# Orders


@pytest.fixture
def many(cast):
    called = ("章伟", "张伟", "丁一", "于成", "陈雨", "程安", "Peter Wong")
    tiers = ("C", "B", "B", "A", "C", "A", "B")
    pairs = zip(called, tiers, strict=True)
    return [somebody(cast.tongcheng, name, phone="", tier=Tier(tier)) for name, tier in pairs]


def test_lists_in_the_order_of_strokes(many, cast):
    assert names(cast.tongcheng, sort="strokes") == [
        "丁一",
        "于成",
        "张伟",
        "陈雨",
        "章伟",
        "程安",
        "Peter Wong",
    ]


def test_the_kept_key_orders_as_the_rule_does(many):
    from yishang_crm.people.names import stroke_order, surname_stroke_key

    called = ["欧阳安", "一", "土山", "士山", "王小明", "王伟", "𠮷田", "王·X", "龘龘", "张〇一", "Wang"]
    assert sorted(called, key=stroke_order) == sorted(called, key=surname_stroke_key)


def test_lists_in_the_order_of_pinyin_with_homophones_apart(many, cast):
    assert names(cast.tongcheng, sort="name") == [
        "陈雨",
        "程安",
        "丁一",
        "Peter Wong",
        "于成",
        "张伟",
        "章伟",
    ]


def test_lists_by_tier_and_within_by_strokes(many, cast):
    assert names(cast.tongcheng, sort="tier") == [
        "于成",
        "程安",
        "丁一",
        "张伟",
        "Peter Wong",
        "陈雨",
        "章伟",
    ]


def test_lists_by_unit_in_the_customary_order(cast):
    somebody(cast.huaining, "怀宁人", phone="")
    somebody(cast.tongcheng, "桐城人", phone="")
    somebody(cast.bureau, "市局的人", phone="")
    assert names(cast.bureau, sort="unit") == ["市局的人", "桐城人", "怀宁人"]
    assert names(cast.bureau, sort="unit", tier="A") == ["市局的人", "桐城人", "怀宁人"]


def test_an_order_follows_a_changed_name(many, cast):
    person = many[0]
    actions.edit_person(cast.tongcheng, person, version=person.version, name="丁乙")
    assert names(cast.tongcheng, sort="strokes")[:2] == ["丁一", "丁乙"]


# Searching: the best first


def found(actor, typed: str) -> list[str]:
    return [person.name for person in queries.listed(actor, Filters(q=typed)).people]


def test_who_bears_the_very_name_comes_before_whom_it_is_part_of(cast):
    wanted = somebody(cast.huaining, "王芳", phone="")
    for number in range(12):
        somebody(cast.huaining, f"王芳{'甲乙丙丁戊己庚辛壬癸子丑'[number]}", phone="")
    for typed in ("王芳", "王 芳", "王　芳"):
        assert found(cast.bureau, typed)[0] == wanted.name
    assert len(found(cast.bureau, "王芳")) == 13


def test_ones_own_people_come_first_and_then_those_lately_in_touch(cast):
    own = somebody(cast.bureau, "江一", phone="")
    lately = somebody(cast.huaining, "江二", phone="")
    for number in range(8):
        somebody(cast.huaining, f"江{'甲乙丙丁戊己庚辛'[number]}", phone="")
    log(cast.bureau, lately, text="来电")
    assert found(cast.bureau, "江")[:2] == [own.name, lately.name]
    assert found(cast.bureau, "jiang")[:2] == [own.name, lately.name]
    assert found(cast.tongcheng, "江") == []


def test_pages_of_a_search_hold_everybody_once(cast):
    for number in range(130):
        somebody(cast.huaining if number % 3 else cast.bureau, f"操{'甲乙丙丁'[number % 4]}", phone="")
    exact = somebody(cast.huaining, "操", phone="")
    pages = [queries.listed(cast.bureau, Filters(q="操"), page=number).people for number in (1, 2, 3)]
    ids = [person.id for page in pages for person in page]
    assert [len(page) for page in pages] == [50, 50, 31]
    assert (len(set(ids)), ids[0]) == (131, exact.id)


def test_a_name_with_the_tail_of_the_phone_is_one_person(people, cast):
    assert found(cast.bureau, "江望之 0001") == ["江望之"]
    assert found(cast.bureau, "江 0005") == ["江远"]


@pytest.mark.parametrize(
    "typed",
    [
        "江", "江望", "望之", "江 望 之", "jiang", "jiangwangzhi", "jwz", "jiangwz", "wang zhi", "jiang dongguan", "0010", "1990000",
        "皖江", "皖江 董事长", "江 0010", "東莞", "tcl", "TCL 江", "lyu", "lv", "()", "x", "查昉 惠州", "zhafang", "cha fang",
    ],
)  # fmt: skip
def test_of_ones_own_people_whoever_the_list_finds_is_near(people, cast, typed):
    """However they were typed: the few near ones are asked about in another way than everybody."""
    for name, firm, title, phone in (
        ("江望之", "东莞市皖江新材料有限公司", "董事长", "19900000010"),
        ("吕布", "TCL江南公司", "", "19900000009"),
        ("查昉", "惠州市洪铺纸业有限公司", "总经理", ""),
    ):
        somebody(cast.huaining, name, phone=phone, organization=firm, title=title)
    found = {person.id for person in queries.listed(cast.huaining, Filters(q=typed)).people}
    assert {one for one, why in near(cast.huaining, typed).items() if why.own} == found
