"""Firm and post in one cell."""

import pytest

from yishang_crm.people.importing.cells.posts import post_in, title_in


@pytest.mark.parametrize(
    ("written", "organization", "title", "chamber_title"),
    [
        ("东莞市长风有限公司董事长", "东莞市长风有限公司", "董事长", ""),
        ("长风（上海）有限公司\u3000执行董事", "长风（上海）有限公司", "执行董事", ""),
        ("长风有限公司\n总经理", "长风有限公司", "总经理", ""),
        ("董事长 长风有限公司", "长风有限公司", "董事长", ""),
        ("长风有限公司（董事长）", "长风有限公司", "董事长", ""),
        ("长风集团董事局主席", "长风集团", "董事局主席", ""),
        ("长风有限公司市场部经理", "长风有限公司", "市场部经理", ""),
        ("长江集團有限公司 行政總裁", "长江集團有限公司", "行政總裁", ""),
        (
            "长风有限公司 / 董事长兼总经理、深圳市安庆商会会长",
            "长风有限公司",
            "董事长兼总经理",
            "深圳市安庆商会会长",
        ),
        ("长风有限公司总经理兼深圳市安庆商会副会长", "长风有限公司", "总经理", "深圳市安庆商会副会长"),
        ("上海安庆商会秘书长", "上海安庆商会", "秘书长", ""),
        ("某某大学附属医院外科主任", "某某大学附属医院", "外科主任", ""),
        ("Yangtze Co., Ltd., Managing Director", "Yangtze Co., Ltd.", "Managing Director", ""),
        ("Chairman, Yangtze Holdings Ltd", "Yangtze Holdings Ltd", "Chairman", ""),
        ("联合创始人兼CEO", "", "联合创始人兼CEO", ""),
        ("长风有限公司", "长风有限公司", "", ""),
    ],
)
def test_a_post_is_divided(written, organization, title, chamber_title):
    post = post_in(written)
    assert (post.organization, post.title, post.chamber_title) == (organization, title, chamber_title)


def test_a_second_firm_is_kept_aside():
    assert post_in("甲有限公司董事长、乙有限公司总经理").others == ("乙有限公司总经理",)


def test_an_office_in_a_chamber_is_told_from_the_title_before_it():
    post = title_in("董事长、上海安庆商会会长")
    assert (post.title, post.chamber_title) == ("董事长", "上海安庆商会会长")
