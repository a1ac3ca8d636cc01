"""Rows that are wrong are kept and named; nothing is lost and nothing is guessed."""

from yishang_crm.people.importing import read_file


def read(text: str):
    return read_file(text.encode(), "名单.csv")


def test_a_row_without_a_name_is_named_and_the_others_are_kept():
    reading = read("姓名,手机,单位\n江望之,19900000001,甲公司\n,19900000002,乙公司\n")
    assert [(row.row, row.serious) for row in reading.rows] == [(2, False), (3, True)]
    assert list(reading.rows)[1].problems == ["缺少姓名"]


def test_an_identity_number_is_kept_apart_from_the_fields():
    (row,) = read("姓名,身份证号\n江望之,340822196508030011\n").rows
    assert row.fields == {"name": "江望之"}
    assert row.extras["id_number"] == "340822196508030011"


def test_the_cells_are_kept_as_written():
    (row,) = read("姓名,手机\n江　望之,'19900000001\n").rows
    assert row.raw == {"A": "江 望之", "B": "'19900000001"}


def test_phones_under_a_wrong_header_are_recognized_by_what_they_are():
    rows = "".join(f"江望{'之一二三'[at]},1990000100{at},甲公司\n" for at in range(4))
    reading = read("姓名,备用,单位\n" + rows)
    assert next(reading.rows).fields["phones"] == ["+8619900001000"]


def test_ditto_marks_take_the_value_above():
    rows = list(read("姓名,单位,职务\n江望之,甲公司,董事长\n查慧,同上,〃\n").rows)
    assert rows[1].fields == {"name": "查慧", "organization": "甲公司", "title": "董事长"}


def test_a_place_outside_the_dictionary_stays_as_written_and_is_named():
    (row,) = read("姓名,籍贯\n江望之,浙江温州\n").rows
    assert row.fields["native_place"] == "浙江温州"
    assert "不在籍贯字典里" in row.problems[0]


def test_a_county_written_once_per_group_is_carried_down():
    people = "".join(
        f"{county},江望{number},{number}\n"
        for county, number in zip(
            ["怀宁县", "", "", "", "桐城市", "", "", ""], "一二三四五六七八", strict=True
        )
    )
    places = [row.fields["native_place"] for row in read("县区,姓名,备注\n" + people).rows]
    assert places == ["怀宁县"] * 4 + ["桐城市"] * 4


def test_a_list_without_people_says_why_it_is_skipped():
    (sheet,) = read("县区,人数\n怀宁县,3\n").sheets
    assert "没有找到姓名" in sheet.skipped
    assert sheet.counts == {"skipped": 2}


def test_twenty_thousand_rows_are_all_read():
    lines = [
        f"江望{'一二三四五'[at % 5]},上海{at}实业有限公司董事长,1990{at:07},怀宁县高河镇,1965.{at % 12 + 1}"
        for at in range(20_000)
    ]
    text = "姓名,单位及职务,手机,籍贯,出生年月\n" + "\n".join(lines)
    assert read(text).counts["person"] == 20_000
