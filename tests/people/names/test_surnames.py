import pytest

from yishang_crm.people.names import surname_of
from yishang_crm.people.names.surnames import family_of


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("汪砚舟", "汪"),
        ("王楚", "王"),
        ("欧阳明", "欧阳"),
        ("歐陽明", "歐陽"),
        ("司马光远", "司马"),
        ("诸葛亮", "诸葛"),
        ("上官婉儿", "上官"),
        ("万俟卨", "万俟"),
        ("萬俟卨", "萬俟"),
        ("尉迟敬德", "尉迟"),
        ("尉遲敬德", "尉遲"),
        ("长孙无忌", "长孙"),
        ("澹台灭明", "澹台"),
        ("令狐冲", "令狐"),
        ("爱新觉罗启", "爱新觉罗"),
        ("东方", "东方"),
        ("陈方安生", "陈方"),
        ("范徐丽泰", "范徐"),
        ("王", "王"),
        ("阿依夏·买买提", "阿依夏"),
        ("David Chen", "Chen"),
        ("CHAN Tai Man", "CHAN"),
        ("Chan, Tai Man", "Chan"),
        ("Wang Yanzhou", "Wang"),
        ("Wong Tai Sin", "Wong"),
        ("Lyu Wei", "Lyu"),
        ("Madonna", "Madonna"),
        ("", ""),
    ],
)
def test_surname_ends_where_it_ends(name, surname):
    assert surname_of(name) == surname


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("陈方安生", "陈"),
        ("欧阳明", "欧阳"),
        ("歐陽明", "歐陽"),
        ("阿依夏·买买提", "阿依夏"),
        ("区小明", "区"),
    ],
)
def test_before_a_title_a_married_woman_has_one_surname(name, family):
    assert family_of(name) == family
