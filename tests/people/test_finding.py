"""People are found by any habit, each within their own scope, the same on both databases."""

import pytest

from tests.cast import Cast
from tests.people.arranged import somebody
from yishang_crm.people import queries
from yishang_crm.people.queries import Filters

pytestmark = pytest.mark.usefixtures("indoors")


@pytest.fixture
def three(cast: Cast):
    return [
        somebody(cast.tongcheng, "江望之", phone="19900000001", organization="东莞市皖江新材料有限公司"),
        somebody(
            cast.tongcheng, "查昉", phone="19900000417", organization="惠州市洪铺纸业有限公司", title="总经理"
        ),
        somebody(cast.huaining, "江远", phone="19900000301", organization="怀宁县某某厂"),
    ]


def found(actor, text):
    return {person.name for person in queries.page_of_people(actor, Filters(q=text))}


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("江望之", {"江望之"}),
        ("江 望 之", {"江望之"}),
        ("江", {"江望之", "江远"}),
        ("jiangwangzhi", {"江望之"}),
        ("jwz", {"江望之"}),
        ("0001", {"江望之"}),
        ("皖江", {"江望之"}),
        ("zhafang", {"查昉"}),
        ("chafang", {"查昉"}),
        ("总经理", {"查昉"}),
        ("江 东莞", {"江望之"}),
        ('"*)(', set()),
    ],
)
def test_the_bureau_finds_by_any_habit(three, cast, typed, names):
    assert found(cast.bureau, typed) == names


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("chenyulan", "陈玉兰"), ("jinyu", "金玉"), ("panyuejuan", "潘月娟"), ("lvbu", "吕布"), ("lyubu", "吕布"),
        ("lubu", "吕布"), ("sunnyuying", "孙女英"), ("sunnvying", "孙女英"),
    ],
)  # fmt: skip
def test_an_n_before_yu_is_no_passport_spelling_unless_it_is_one(cast, typed, name):
    for number, one in enumerate(("陈玉兰", "金玉", "潘月娟", "吕布", "孙女英")):
        somebody(cast.tongcheng, one, phone=f"1990000070{number}")
    assert found(cast.tongcheng, typed) == {name}


def test_traditional_characters_find_the_same(three, cast):
    somebody(cast.tongcheng, "张亦樵", phone="19900000248")
    assert found(cast.tongcheng, "張亦樵") == {"张亦樵"}


def test_a_county_finds_its_own_only(three, cast):
    assert found(cast.tongcheng, "江") == {"江望之"}
    assert found(cast.huaining, "jiang") == {"江远"}
    assert found(cast.huaining, "0417") == set()


def test_a_changed_name_is_found_by_the_new_one_only(three, cast):
    from yishang_crm.people import actions

    person = three[0]
    actions.edit_person(cast.tongcheng, person, version=person.version, name="江望舒")
    assert found(cast.tongcheng, "江望之") == set()
    assert found(cast.tongcheng, "jws") == {"江望舒"}


def test_sharing_makes_a_person_found_by_the_other_unit(three, cast):
    from tests.cast import unit_id
    from yishang_crm.accounts import queries as accounts
    from yishang_crm.people import actions

    actions.share(cast.tongcheng, three[0], accounts.unit(unit_id("340822")))
    assert found(cast.huaining, "jwz") == {"江望之"}


def test_counting_stops_at_the_limit(three, cast):
    assert queries.count_up_to(cast.bureau, Filters(), most=2) == 3
    assert queries.count_up_to(cast.tongcheng, Filters(), most=2) == 2


def test_what_is_searched_comes_newest_first_page_after_page_and_is_counted(cast):
    for number in range(1, 54):
        somebody(cast.tongcheng, f"操{'甲乙丙丁'[number % 4]}", phone=f"1990000{number:04d}")
    somebody(cast.huaining, "操甲", phone="19900000900")
    first, second = (queries.page_of_people(cast.tongcheng, Filters(q="操"), page=page) for page in (1, 2))
    ids = [person.id for person in (*first, *second)]
    assert (len(first), len(second), ids) == (50, 3, sorted(ids, reverse=True))
    assert queries.count_up_to(cast.tongcheng, Filters(q="操")) == 53
    assert queries.count_up_to(cast.tongcheng, Filters(q="操"), most=50) == 51
    assert queries.count_up_to(cast.bureau, Filters(q="操")) == 54
    assert queries.count_up_to(cast.bureau, Filters(q="操", tier=("B",))) == 0
