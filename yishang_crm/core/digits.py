"""Whole numbers out of what somebody typed: one reading for addresses, queries, forms, links and cursors."""

# The largest number of an INTEGER column on PostgreSQL. What is larger belongs to no row.
LARGEST = 2**31 - 1


def number_in(text: object) -> int | None:
    """`417` → 417. None for what is no number, and for what no row can bear: -1, `²`, twenty digits."""
    said = str(text).strip() if text is not None else ""
    if not (said.isascii() and said.isdigit() and len(said) <= 10):
        return None
    return int(said) if int(said) <= LARGEST else None
