"""The dictionary of honours, offices and relations: kept by the bureau, each word 待核定 until confirmed."""

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.people import queries
from yishang_crm.people.models.dictionary import OFFERED, Dictionary, DictionaryWord

STEP = 10


@action(Permission.PEOPLE_DICTIONARY)
def add_word(actor: Actor, *, dictionary: Dictionary, name: str, other: str = "") -> DictionaryWord:
    """Add a word at the end of its dictionary."""
    last = max((word.display_order for word in queries.words_of(dictionary, also_closed=True)), default=0)
    word = DictionaryWord(dictionary=dictionary, name=name, other=other, display_order=last + STEP)
    word.must_make_sense()
    _must_be_new(word)
    db.session.add(word)
    return word


@action(Permission.PEOPLE_DICTIONARY)
def edit_word(
    actor: Actor, word: DictionaryWord, *, version: int, name: str, other: str, display_order: int
) -> None:
    """Change a word; what bears it says the new one. Raises `Stale` when somebody saved in between."""
    with db.session.no_autoflush:
        word.edit(version=version, name=name, other=other, display_order=display_order)
        _must_be_new(word)


@action(Permission.PEOPLE_DICTIONARY)
def confirm_word(actor: Actor, word: DictionaryWord, *, version: int) -> None:
    """The office stands by this word as it was shown."""
    word.confirm(version=version, at=now(), by=actor.name)


@action(Permission.PEOPLE_DICTIONARY)
def close_word(actor: Actor, word: DictionaryWord) -> None:
    """Offer it no longer."""
    word.close(at=now())


@action(Permission.PEOPLE_DICTIONARY)
def reopen_word(actor: Actor, word: DictionaryWord) -> None:
    word.reopen()


@action(Permission.ADMIN_UNITS)
def seed_dictionary(actor: Actor) -> int:
    """Put what an office is offered into an empty table. Returns how many words were added."""
    if queries.all_words():
        return 0
    words = [
        DictionaryWord(dictionary=dictionary, name=name, other=other, display_order=order * STEP)
        for dictionary, pairs in OFFERED.items()
        for order, (name, other) in enumerate(pairs, 1)
    ]
    db.session.add_all(words)
    return len(words)


def _must_be_new(word: DictionaryWord) -> None:
    if queries.same_word(word):
        raise NotPossible(N_("“%(name)s”已经有了。"), name=word.name)
