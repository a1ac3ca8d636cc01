"""Where somebody lives, by any habit of writing it."""

import pytest

from yishang_crm.people.places import localities, residence_key
from yishang_crm.people.places.localities import KEY, area_of, is_wide


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("深圳", "CN4403"), ("深圳市南山区科技园", "CN4403"), ("广东深圳", "CN4403"), ("中国广东省深圳市", "CN4403"),
        ("廣東省東莞市", "CN4419"), ("现居上海", "CN3100"), ("上海浦东", "CN3100"), ("浦东", "CN3100"),
        ("昆山", "CN3205"), ("安徽桐城", "CN3408"), ("宜城", "CN3408"), ("枞阳", "CN3407"), ("西湖区，杭州", "CN3301"),
        ("广东", "CN4400"), ("国内", "CN0000"), ("济源", "CN419001"), ("Shenzhen", "CN4403"),
        ("香港", "CN8100"), ("中国香港九龙", "CN8100"), ("Hong Kong", "CN8100"), ("澳门", "CN8200"), ("臺北", "CN7100"),
        ("美国加州", "US"), ("華盛頓", "US"), ("Los Angeles", "US"), ("新加坡", "SG"), ("Busan", "KR"), ("RUSSIA", "RU"),
        ("月球", "ZZ"), ("阿里巴巴", "ZZ"), ("", "Z0"), (" - ", "Z0"),
    ],
)  # fmt: skip
def test_a_residence_is_placed_however_it_is_written(written, key):
    assert residence_key(written) == key
    assert KEY.fullmatch(key)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("吉林", "CN2200"), ("吉林市", "CN2202"), ("吉林省吉林市", "CN2202"), ("海南", "CN4600"), ("青海海南", "CN6325"),
        ("朝阳", "ZZ"), ("辽宁朝阳", "CN2113"), ("北京朝阳", "CN1100"), ("山东德州", "CN3714"), ("苏州", "CN3205"), ("宿州", "CN3413"),
    ],
)  # fmt: skip
def test_names_that_several_places_bear_are_told_apart(written, key):
    assert residence_key(written) == key


def test_every_name_of_the_dictionary_finds_its_own_entry():
    known = localities()
    astray = {
        (name, known.key_of(name))
        for entry in known.by_key.values()
        for name in (entry.name, *entry.aliases)
        if known.key_of(name) not in (entry.key, f"{entry.key}00")
    }
    assert astray == set()


def test_the_dictionary_is_whole():
    known = localities()
    assert (len(known.provinces()), len(known.countries())) == (34, 194)
    tiles = {(one.row, one.column) for one in known.provinces()}
    assert len(tiles) == 34
    assert {known.called(key) for key in ("CN71", "CN81", "CN82")} == {"中国台湾", "中国香港", "中国澳门"}
    assert not {one.name for one in known.countries()} & {"台湾", "香港", "澳门", "中国"}


def test_wide_keys_hold_what_lies_within():
    assert [key for key in ("CN", "CN44", "CN4400", "CN4403", "US", "ZZ") if is_wide(key)] == ["CN", "CN44"]
    assert [area_of(key) for key in ("CN4400", "CN4403", "CN419001", "US", "ZZ")] == [
        "CN44",
        "CN44",
        "CN41",
        "US",
        "ZZ",
    ]
