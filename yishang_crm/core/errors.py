"""What can go wrong, as sentences for people. How each is drawn stands in `core.web`."""


class HouseError(Exception):
    """An expected refusal. `sentence` is the Chinese source text, `values` fill its %(names)s."""

    status = 400

    def __init__(self, sentence: str, **values: object) -> None:
        self.sentence = sentence
        self.values = values
        super().__init__(sentence % values if values else sentence)


class NotPossible(HouseError):
    """The row says no: wrong state, too late, full. Answered with 409."""

    status = 409


class Refused(HouseError):
    """The actor may not do this kind of thing. Answered with 403."""

    status = 403


class Stale(HouseError):
    """Somebody else saved first. `theirs` are the values as they now stand. Answered with 409."""

    status = 409

    def __init__(self, sentence: str, theirs: dict[str, object] | None = None, **values: object) -> None:
        super().__init__(sentence, **values)
        self.theirs = theirs or {}


class TooMany(HouseError):
    """A limit was reached; `wait` is in seconds. Answered with 429."""

    status = 429

    def __init__(self, sentence: str, *, wait: int, **values: object) -> None:
        super().__init__(sentence, **values)
        self.wait = wait
