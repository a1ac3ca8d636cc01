"""Native places by any habit, against the seed dictionary."""

import pytest

from yishang_crm.people.places import Gazetteer, PlaceRow, seed_gazetteer, seed_rows


@pytest.mark.parametrize(
    ("written", "county", "town"),
    [
        ("安徽安庆桐城", "桐城市", None),
        ("桐城人", "桐城市", None),
        ("桐城县", "桐城市", None),
        ("安徽省安庆市怀宁县高河镇", "怀宁县", "高河镇"),
        ("怀宁高河", "怀宁县", "高河镇"),
        ("怀宁县（高河镇）", "怀宁县", "高河镇"),
        ("高河镇", "怀宁县", "高河镇"),
        ("潜山县", "潜山市", None),
        ("安徽懷寧", "怀宁县", None),
        ("太湖", "太湖县", None),
        ("太湖徐桥镇", "太湖县", "徐桥镇"),
        ("迎江区龙狮桥街道", "迎江区", "龙狮桥街道"),
        ("怀宁县某某镇某村", "怀宁县", "某某镇"),
        ("安庆市郊区", "宜秀区", None),
        ("安庆地区怀宁", "怀宁县", None),
        ("安徽省安庆市经开区", "安庆经开区", None),
        ("安徽安庆", "安庆市", None),
    ],
)
def test_a_native_place_is_found_however_it_is_written(written, county, town):
    match = seed_gazetteer().find(written)
    assert (match.county, match.town) == (county, town)


@pytest.mark.parametrize("written", ["合肥", "江苏省苏州市", "无锡太湖", "安徽", "上海", "凉亭", ""])
def test_a_place_elsewhere_or_unclear_is_not_found(written):
    assert seed_gazetteer().find(written) is None


def test_a_lake_is_no_county_where_no_native_place_is_told():
    assert seed_gazetteer().find("太湖", native=False) is None
    assert seed_gazetteer().find("安徽太湖", native=False).county == "太湖县"


@pytest.mark.parametrize("written", ["枞阳", "樅陽縣", "安徽省铜陵市枞阳县"])
def test_zongyang_is_historic_and_counts_as_the_dictionary_says(written):
    match = seed_gazetteer().find(written)
    assert (match.county, match.historic, match.counts_as_native) == ("枞阳县", True, True)


def test_an_installation_may_say_that_zongyang_does_not_count():
    rows = [
        PlaceRow("安庆市", "city"),
        PlaceRow("枞阳县", "county", "安庆市", counts_as_native=False, valid_to="2016-01"),
    ]
    assert Gazetteer(rows).find("枞阳").counts_as_native is False


def test_every_row_of_the_seed_is_to_be_confirmed_and_hangs_below_a_known_place():
    rows = seed_rows()
    names = {row.name for row in rows if row.level != "town"}
    assert {row.state for row in rows} == {"待核定"}
    assert [row.name for row in rows if row.level == "town" and row.parent not in names] == []
    assert len(names) == 14
