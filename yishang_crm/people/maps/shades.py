"""How dark a place is drawn: five steps, at round numbers that suit the largest."""

from collections.abc import Iterable
from dataclasses import dataclass

_STEPS = (0.02, 0.08, 0.25, 0.6)


@dataclass(frozen=True)
class Shades:
    """`at` are the lower bounds of the darker steps, rising."""

    at: tuple[int, ...]

    def of(self, count: int) -> str:
        """The class of a place: "" for few or none, d1 to d4."""
        step = sum(count >= bound for bound in self.at)
        return f"d{step}" if step else ""

    @property
    def legend(self) -> list[tuple[str, int]]:
        """Class and lower bound of each darker step."""
        return [(f"d{step}", bound) for step, bound in enumerate(self.at, 1)]


def shades(counts: Iterable[int]) -> Shades:
    """Steps for these figures; a step that would be the same as the one below it is left out."""
    largest = max(counts, default=0)
    bounds: list[int] = []
    for share in _STEPS:
        bound = _round(largest * share)
        if bound > (bounds[-1] if bounds else 0) and bound <= largest:
            bounds.append(bound)
    return Shades(tuple(bounds))


def _round(value: float) -> int:
    """Down to 1, 2, 3 or 5 at the first digit: 147 → 100, 36 → 30."""
    if value < 1:
        return 1
    size = 10 ** (len(str(int(value))) - 1)
    return max(step * size for step in (1, 2, 3, 5) if step * size <= value)
