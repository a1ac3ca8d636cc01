"""Numbers as people type them. Only numbers that belong to no one."""

import pytest

from yishang_crm.people.importing.cells.phones import phones_in


@pytest.mark.parametrize(
    ("written", "region", "numbers"),
    [
        ("199 0000 0417", None, ["+8619900000417"]),
        ("１９９００００－０４１７", None, ["+8619900000417"]),
        ("+86 199-0000-0417", None, ["+8619900000417"]),
        ("0086 19900000417", None, ["+8619900000417"]),
        ("'19900000417", None, ["+8619900000417"]),
        ("19900000417（微信同号）", None, ["+8619900000417"]),
        ("19900000417/0556-9000001", None, ["+8619900000417", "+865569000001"]),
        ("19900000417、19900000418；19900000417", None, ["+8619900000417", "+8619900000418"]),
        ("199 0000 0417 199 0000 0418", None, ["+8619900000417", "+8619900000418"]),
        ("0556-9000001/9000002", None, ["+865569000001", "+865569000002"]),
        ("(021)90000001转8001", None, ["+862190000001"]),
        ("1.9900000417E+10", None, ["+8619900000417"]),
        ("9000 0001", "HK", ["+85290000001"]),
        ("(852) 9000-0001", None, ["+85290000001"]),
        ("0900-000-001", "TW", ["+886900000001"]),
        ("(202) 555-0143", "US", ["+12025550143"]),
        ("+1 202 555 0143 +86 19900000417", None, ["+12025550143", "+8619900000417"]),
        ("+44 (0)20 7946 0958", None, ["+442079460958"]),
        ("秘书：19900000417", None, ["+8619900000417"]),
        ("传真0556-9000001", None, []),
        ("无", None, []),
    ],
)
def test_every_number_of_a_cell_is_read_in_order(written, region, numbers):
    found = phones_in(written, region=region)
    assert [phone.e164 for phone in found.phones] == numbers
    assert found.problems == ()


@pytest.mark.parametrize(
    ("written", "said"),
    [("1.99E+10", "科学计数"), ("199****0417", "星号"), ("1990000041", "位数不对"), ("9000001", "缺少区号")],
)
def test_a_number_that_cannot_be_used_is_named(written, said):
    found = phones_in(written)
    assert found.phones == ()
    assert said in found.problems[0]


def test_a_label_stays_with_its_number():
    assert [(p.e164, p.label) for p in phones_in("19900000417(秘书)/19900000418").phones] == [
        ("+8619900000417", "秘书"),
        ("+8619900000418", ""),
    ]
