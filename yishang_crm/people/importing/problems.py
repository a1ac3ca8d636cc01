"""What is wrong with a file or a row, as sentences for the person who brought it."""

from yishang_crm.core.errors import HouseError


class UnreadableFile(HouseError):
    """The file cannot be read at all; the sentence says what to do about it. Answered with 422."""

    status = 422


class Problem(str):  # noqa: SLOT000 (values need a dict beside the text)
    """A Chinese sentence; `sentence` and `values` let the pages translate it.

    `serious` means that the row cannot become a person (no name); other rows are kept and only flagged.
    """

    sentence: str
    values: dict[str, str | int]
    serious: bool

    def __new__(cls, sentence: str, *, serious: bool = False, **values: str | int) -> "Problem":
        problem = super().__new__(cls, sentence % values if values else sentence)
        problem.sentence, problem.values, problem.serious = sentence, values, serious
        return problem
