"""What deeds are called: each room names those it leaves in the trail, and whoever shows a verb to a person asks here.

A verb is the small room and the function, `people.stewards.ask`. Why: docs/decisions/030.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from yishang_crm.core.words import N_

# From a sentence of the sources to the reader's language (`gettext`); `str` leaves it in Chinese.
Say = Callable[[str], str]

# Beside the entry of a bulk deed: one when it begins, one for each portion (`core.bulk`).
_STEPS = {".opened": N_("%(deed)s：开始"), ".chunk": N_("%(deed)s：一批")}

_names: dict[str, str] = {}


def verb_of(module: str, function: str) -> str:
    """`yishang_crm.people.stewards.actions`, `ask` → `people.stewards.ask`; what follows `actions` is left out."""
    room = module.removeprefix("yishang_crm.").split(".")
    if "actions" in room:
        room = room[: room.index("actions")]
    return ".".join([*room, function])


def say_deeds(room: str, names: Mapping[str, str]) -> None:
    """Called once by a room as it is opened: its names (`N_`), by what follows the room in the verb."""
    _names.update({f"{room}.{deed}": name for deed, name in names.items()})


def names() -> Mapping[str, str]:
    """Every verb that has a name, with its Chinese name; the steps of bulk deeds apart."""
    return _names


def said(say: Say = str) -> list[str]:
    """The names of all deeds, in the order of the rooms."""
    return [say(name) for name in _names.values()]


def told(verb: str, say: Say = str) -> str:
    """The name of a deed; a verb that nobody named, as entries of earlier versions bear, stays as it is."""
    if verb in _names:
        return say(_names[verb])
    for ending, sentence in _STEPS.items():
        deed = verb.removesuffix(ending)
        if deed != verb and deed in _names:
            return say(sentence) % {"deed": say(_names[deed])}
    return verb


@dataclass(frozen=True)
class Meant:
    """Which deeds somebody looks for: those whose verb begins so, and these. Neither: all of them."""

    beginning: str = ""
    verbs: Sequence[str] = ()

    @property
    def is_narrow(self) -> bool:
        return bool(self.beginning or self.verbs)


ANY = Meant()


def meant(typed: str, say: Say = str) -> Meant:
    """Verbs by a part of their name or by the beginning of the verb itself; a whole verb means that deed and its steps alone."""
    typed = typed.strip()
    if typed in _names:
        return Meant(verbs=_with_steps(typed))
    verbs = [verb for deed in _names for verb in _with_steps(deed)] if typed else []
    return Meant(typed, [verb for verb in verbs if typed.casefold() in told(verb, say).casefold()])


def _with_steps(verb: str) -> list[str]:
    return [verb, *(f"{verb}{ending}" for ending in _STEPS)]


# The ground's own.
say_deeds(
    "core",
    {
        "audit.seal": N_("审计链加封"),
        "audit.prune": N_("清理到期的留痕"),
        "openings.stop": N_("打开联系方式到了上限"),
        "rotation.reencrypt": N_("加密内容换用新密钥"),
        "trail.refused": N_("越权操作被拒绝"),
        "undo.undo": N_("撤销批量操作"),
        "undo.forget_old": N_("清除过期的撤销依据"),
    },
)
