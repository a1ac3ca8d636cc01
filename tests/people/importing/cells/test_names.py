"""Names as lists write them."""

import pytest

from yishang_crm.people.importing.cells.names import gender_in, name_in


@pytest.mark.parametrize(
    ("written", "name", "gender", "english"),
    [
        ("王　楚", "王楚", None, None),
        ("江望之先生", "江望之", "男", None),
        ("歐陽雪 小姐", "歐陽雪", "女", None),
        ("程建国总", "程建国", None, None),
        ("何 生", "何生", None, None),
        ("王楚（女）", "王楚", "女", None),
        ("王楚 女", "王楚", "女", None),
        ("买买提.艾力", "买买提·艾力", None, None),
        ("陳大文 (David Chan)", "陳大文", None, "David Chan"),
        ("Mr. John Smith", "John Smith", "男", None),
        ("阿Q", "阿Q", None, None),
        ("１．江望之", "江望之", None, None),
    ],
)
def test_a_name_is_cleaned_and_kept_as_written(written, name, gender, english):
    found = name_in(written)
    assert (found.name, found.gender, found.name_en) == (name, gender, english)


def test_a_former_name_is_learnt():
    assert name_in("张伟（曾用名：张小伟）").former == "张小伟"


@pytest.mark.parametrize("written", ["李总", "刘先生", "欧阳女士"])
def test_a_surname_with_an_address_alone_is_named_as_incomplete(written):
    assert "缺少全名" in name_in(written).problems[0]


def test_two_people_in_one_cell_are_named():
    assert "几个人" in name_in("张三、李四").problems[0]


@pytest.mark.parametrize("written", ["<script>alert(1)</script>", "张伟<br>", "< img src=x>"])
def test_code_is_taken_for_nobody_and_kept_as_it_stands(written):
    found = name_in(written)
    assert (found.name, found.name_en) == (written, None)
    assert "网页代码" in found.problems[0]


def test_genders_are_read_by_letter_word_and_address():
    assert [gender_in(text) for text in ("男", "F", "女士", "Mr.", "1", "?")] == [
        "男",
        "女",
        "女",
        "男",
        "男",
        None,
    ]
