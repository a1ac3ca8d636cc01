"""What upper rooms leave here so that a letter can be finished at delivery and shown with its words.

`about` is `guest:42`: its kind is `guest`, its id is 42. Everything registered is called with that id.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from yishang_crm.core.actor import Actor
from yishang_crm.core.digits import number_in
from yishang_crm.core.sealed import Sealed


@dataclass(frozen=True)
class Attachment:
    """A finished paper."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Check:
    """A line under the letter: `kind` is done, wait or late, `sentence` is Chinese source text (`N_`) or already in the reader's language."""

    kind: str
    sentence: str


Filler = Callable[[int], Mapping[str, str]]
Maker = Callable[[int], "Attachment | Callable[[], Attachment]"]
Checker = Callable[[Actor, int], Iterable[Check]]
Returned = Callable[[Actor, int, Sealed], None]
UnitNames = Callable[[Actor], Mapping[int, str]]


@dataclass
class _Registry:
    fillers: dict[str, Filler] = field(default_factory=dict)
    placeholder_labels: dict[str, str] = field(default_factory=dict)
    makers: dict[str, Maker] = field(default_factory=dict)
    attachment_labels: dict[str, str] = field(default_factory=dict)
    purposes: dict[str, str] = field(default_factory=dict)
    checkers: dict[str, Checker] = field(default_factory=dict)
    addresses: dict[str, Callable[[int], str]] = field(default_factory=dict)
    returned: list[Returned] = field(default_factory=list)
    unit_names: UnitNames | None = None


_known = _Registry()


def placeholder_filler(kind: str, fill: Filler, *, labels: Mapping[str, str] | None = None) -> None:
    """`fill(id)` gives the values of placeholders, `{"reply_url": "https://…"}`, when a letter leaves.

    It runs as the house just before the letter is sent: sealed values may be read (the trail tells that the batch was
    opened), nothing may be written. It raises `NotPossible` when the letter is no longer wanted (withdrawn, do-not-contact): the message is then cancelled with that sentence.
    `labels` say on the preview what will stand there (`N_("答复链接")`).
    """
    _known.fillers[kind] = fill
    _known.placeholder_labels.update(labels or {})


def attachment_maker(name: str, make: Maker, *, label: str = "") -> None:
    """`make(id)` runs where fillers run and gives an `Attachment`, or (for slow work such as typesetting) a
    function without arguments that makes it later, outside any transaction, from plain values."""
    _known.makers[name] = make
    _known.attachment_labels[name] = label or name


def purpose(name: str, label: str) -> None:
    """What a purpose is called on the pages: `purpose("invitation", N_("邀请函"))`."""
    _known.purposes[name] = label


def letter_check(kind: str, check: Checker) -> None:
    """`check(actor, id)` gives further lines for the list under a letter."""
    _known.checkers[kind] = check


def when_returned(answer: Returned) -> None:
    """`answer(actor, person_id, address)` runs inside the deed that records that a letter to somebody at an address came back."""
    if answer not in _known.returned:
        _known.returned.append(answer)


def address_of(kind: str, link: Callable[[int], str]) -> None:
    """`link(id)` is the page of what a letter is about."""
    _known.addresses[kind] = link


def unit_names(names: UnitNames) -> None:
    """`names(actor)` gives the units an actor may choose from, id to short name, in their customary order."""
    _known.unit_names = names


def filler_of(about: str) -> Filler | None:
    return _known.fillers.get(kind_of(about))


def maker_of(name: str) -> Maker | None:
    return _known.makers.get(name)


def checks_of(actor: Actor, about: str) -> list[Check]:
    check = _known.checkers.get(kind_of(about))
    return list(check(actor, id_of(about))) if check else []


def letter_returned(actor: Actor, person_id: int, address: Sealed) -> None:
    for answer in _known.returned:
        answer(actor, person_id, address)


def link_of(about: str) -> str | None:
    link = _known.addresses.get(kind_of(about))
    return link(id_of(about)) if link else None


def label_of_purpose(name: str) -> str:
    return _known.purposes.get(name, name)


def known_purposes() -> Mapping[str, str]:
    return _known.purposes


def label_of_placeholder(name: str) -> str:
    return _known.placeholder_labels.get(name, name)


def label_of_attachment(name: str) -> str:
    return _known.attachment_labels.get(name, name)


def known_units(actor: Actor) -> Mapping[int, str]:
    return _known.unit_names(actor) if _known.unit_names else {}


def kind_of(about: str) -> str:
    return about.partition(":")[0]


def id_of(about: str) -> int:
    return number_in(about.partition(":")[2]) or 0
