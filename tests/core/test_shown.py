"""Money as people read it."""

from decimal import Decimal

import pytest
from flask_babel import force_locale

from yishang_crm.core.shown import money


@pytest.mark.parametrize(
    ("language", "value", "said"),
    [
        ("zh_Hans", Decimal("6.5"), "6.50亿元"), ("zh_Hans", Decimal(0), "0.00亿元"), ("zh_Hans", None, ""),
        ("en", Decimal("6.5"), "¥650 million"), ("en", Decimal("12.345"), "¥1,234 million"), ("en", None, ""),
    ],
)  # fmt: skip
def test_hundred_millions(app, language, value, said):
    with app.test_request_context(), force_locale(language):
        assert money(value) == said
