"""What a person corrects is read as corrected, and can be remembered for the next file of the same form."""

from yishang_crm.people.importing import Choices, read_file

TEXT = "名单\n代号甲,代号乙,代号丙\n江望之,19900000001,好友\n查慧,19900000002,同乡\n"


def read(choices=None):
    return read_file(TEXT.encode(), "名单.csv", choices=choices)


def test_columns_can_be_named_by_hand():
    reading = read({"sheets": {"名单": {"header_rows": [2, 2], "columns": {"0": "name", "2": "note"}}}})
    assert [row.fields for row in reading.rows] == [
        {"name": "江望之", "phones": ["+8619900000001"], "note": "好友"},
        {"name": "查慧", "phones": ["+8619900000002"], "note": "同乡"},
    ]
    assert reading.counts == {"title": 1, "header": 1, "person": 2}


def test_a_column_can_be_left_out():
    reading = read({"sheets": {"名单": {"header_rows": [2, 2], "columns": {"0": "name", "1": ""}}}})
    assert all("phones" not in row.fields for row in reading.rows)


def test_a_sheet_can_be_left_out():
    reading = read({"sheets": {"名单": {"read": False}}})
    assert list(reading.rows) == []
    assert reading.sheets[0].skipped == "按您的选择没有读取"


def test_a_mapping_is_remembered_by_the_key_of_the_layout():
    chosen = {"sheets": {"名单": {"header_rows": [2, 2]}}}
    key = read(chosen).sheets[0].layout_key
    again = Choices.from_json(chosen | {"remembered": {key: {"0": "name", "2": "note"}}})
    assert [row.fields["note"] for row in read(again).rows] == ["好友", "同乡"]


def test_the_key_depends_on_the_headers_and_not_on_the_people():
    other = TEXT.replace("江望之", "左忠毅").replace("查慧", "方以远")
    chosen = {"sheets": {"名单": {"header_rows": [2, 2]}}}
    assert read_file(other.encode(), "名单.csv", choices=chosen).layout_key == read(chosen).layout_key
    assert read_file(b"a,b\nc,d\n", "x.csv").layout_key != read(chosen).layout_key


def test_an_unknown_field_in_a_choice_is_ignored():
    assert Choices.from_json({"sheets": {"x": {"columns": {"0": "password", "1": "name"}}}}).of(
        "x"
    ).columns == {1: "name"}
