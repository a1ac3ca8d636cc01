"""How near the reading of a file comes to what a careful clerk would type."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yishang_crm.people.importing import read_file

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
Fields = Mapping[str, Any]


@dataclass(slots=True)
class Accuracy:
    """Right fields of all fields in the truth; `wrong` says (where, field, read, true)."""

    right: int = 0
    total: int = 0
    wrong: list[tuple[str, str, object, object]] = field(default_factory=list)

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.right / self.total if self.total else 0.0

    def __add__(self, other: "Accuracy") -> "Accuracy":
        return Accuracy(self.right + other.right, self.total + other.total, self.wrong + other.wrong)


def overall_accuracy(folder: Path = SAMPLES) -> Accuracy:
    """Every file of `folder` that has a truth beside it, read with no manual mapping."""
    return sum((accuracy_of(file) for file in files_with_truth(folder)), Accuracy())


def files_with_truth(folder: Path = SAMPLES) -> list[Path]:
    """The files that have a FILE.truth.json beside them."""
    return sorted(
        path.with_name(path.name.removesuffix(".truth.json")) for path in folder.glob("*.truth.json")
    )


def accuracy_of(file: Path) -> Accuracy:
    """One file against the truth beside it."""
    truth = json.loads(file.with_name(file.name + ".truth.json").read_text("utf-8"))
    return compare([row.fields for row in read_file(file).rows], truth, where=file.name)


def compare(read: Sequence[Fields], truth: Sequence[Fields], *, where: str = "") -> Accuracy:
    """Field by field in order; a row too many or too few counts all its fields as wrong."""
    found = Accuracy()
    for number in range(max(len(read), len(truth))):
        mine = read[number] if number < len(read) else {}
        theirs = truth[number] if number < len(truth) else {}
        keys = theirs or dict.fromkeys(mine)
        for key in keys:
            same = bool(theirs) and said(key, mine.get(key)) == said(key, theirs[key])
            found.total += 1
            found.right += same
            if not same:
                found.wrong.append((f"{where} {number + 1}", key, mine.get(key), theirs.get(key)))
    return found


def said(key: str, value: Any) -> object:
    """Phones as sets in E.164, births as year and month, absent and empty alike."""
    if key == "phones":
        return {e164(phone) for phone in value or ()}
    if key == "birth":
        return (value or "")[:7]
    return value or ""


def e164(phone: str) -> str:
    """A mainland mobile, or area code and number, in E.164; what has its country code stays."""
    return phone if phone.startswith("+") else "+86" + phone.removeprefix("0")


def extra_fields(read: Iterable[Fields], truth: Iterable[Fields]) -> set[str]:
    """Fields that were read though the truth does not have them."""
    return {key for mine, theirs in zip(read, truth, strict=True) for key in mine if key not in theirs}
