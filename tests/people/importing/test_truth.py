"""The samples staff keep, against what a careful clerk would type."""

import pytest

from tests.people.importing.truth import SAMPLES, accuracy_of, files_with_truth, overall_accuracy
from yishang_crm.people.importing import read_file

BAR = 0.98


def test_at_least_98_of_100_fields_are_right_with_no_manual_mapping(capsys):
    accuracy = overall_accuracy()
    with capsys.disabled():
        print(f"\n{accuracy.right} of {accuracy.total} fields right: {accuracy.share:.2%}")
    assert accuracy.total > 1600
    assert accuracy.share >= BAR, accuracy.wrong[:20]


@pytest.mark.parametrize("file", files_with_truth(), ids=lambda file: file.name)
def test_each_sample_alone_reaches_the_bar(file):
    accuracy = accuracy_of(file)
    assert accuracy.share >= BAR, accuracy.wrong[:20]


def test_the_countys_return_is_accounted_for_row_by_row():
    reading = read_file(SAMPLES / "怀宁县籍在外企业家信息表.xlsx")
    assert reading.counts == {"title": 2, "header": 2, "person": 60, "blank": 2, "total": 1, "note": 1}
    assert reading.sheets[0].header_rows == (3, 4)


def test_the_hidden_sheet_is_named_and_left_out():
    reading = read_file(SAMPLES / "上海安庆商会会员名册.xlsx")
    assert [(sheet.name, sheet.skipped) for sheet in reading.sheets] == [
        ("会长副会长", None),
        ("理事", None),
        ("会员", None),
        ("Sheet2", "隐藏的工作表，没有读取"),
    ]


def test_a_formula_stays_plain_text():
    notes = {row.fields.get("note") for row in read_file(SAMPLES / "旧系统导出.csv").rows}
    assert '=HYPERLINK("x")' in notes


def test_no_number_from_an_identity_card_reaches_the_fields():
    for file in files_with_truth():
        assert all("id_number" not in row.fields for row in read_file(file).rows)
