"""Where on a list of numbered pages the reader is."""

from typing import Any


def place(number: int, *, shown: int, total: int, size: int, counted_up_to: int, said: str) -> dict[str, Any]:
    """What the pager is given. A `total` above `counted_up_to` only means "more than"; `said` is how the total is told."""
    first = (number - 1) * size + 1 if shown else 0
    is_more = total > counted_up_to
    return {
        "first": first,
        "last": first + shown - 1 if shown else 0,
        "total": said,
        "number": number,
        "pages": None if is_more else max(1, -(-total // size)),
        "has_next": shown == size and (is_more or number * size < total),
    }
