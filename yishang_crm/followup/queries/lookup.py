"""Who a word of a line may be: people in scope by name, pinyin, initials or phone tail; colleagues by name."""

import re

from sqlmodel import col

from yishang_crm.accounts import queries as accounts
from yishang_crm.accounts.models import User
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.followup.sentence import Candidate
from yishang_crm.people import names
from yishang_crm.people import queries as people
from yishang_crm.people.models import Person
from yishang_crm.people.queries import Filters

MOST = 8
MOST_SEARCHES = 6  # words in Latin letters or digits that are looked up for one line
_READ = 200  # characters of a line that may hold names
_HAN = re.compile(r"[\u3400-\u9fff〇·\U00020000-\U0003ffff]+")
_LONGEST_NAME = 4


class People:
    """The people an actor may see, as `followup.sentence` asks for them.

    Chinese names are fetched for the whole line at once, so that a dinner with thirty costs as much as a call with one.
    """

    def __init__(self, actor: Actor, line: str) -> None:
        self._actor = actor
        self._line = line[:_READ]
        self._by_key: dict[str, list[Candidate]] | None = None
        self._searches = 0

    def candidates(self, token: str) -> list[Candidate]:
        if _HAN.fullmatch(token):
            return self._named(token)
        if self._searches == MOST_SEARCHES:
            return []
        self._searches += 1
        return self._searched(token)

    def _named(self, token: str) -> list[Candidate]:
        if self._by_key is None:
            self._by_key = self._all_named()
        return self._by_key.get(names.simplified_key(token), [])[:MOST]

    def _all_named(self) -> dict[str, list[Candidate]]:
        keys = {key for run in _HAN.findall(self._line) for key in _possible_names(run)}
        if not keys:
            return {}
        wanted = people.visible_to(self._actor).where(col(Person.name_key).in_(sorted(keys)))
        found = db.session.scalars(wanted.order_by(col(Person.tier), col(Person.id)).limit(100)).all()
        by_key: dict[str, list[Candidate]] = {}
        for one, key in zip(self._introduced(found), (person.name_key for person in found), strict=True):
            by_key.setdefault(key, []).append(one)
        return by_key

    def _searched(self, token: str) -> list[Candidate]:
        found = people.page_of_people(self._actor, Filters(q=token))
        if token.isdigit():
            return [one for one in self._introduced(found) if one.phone_tail == token[-4:]][:MOST]
        typed = token.lower()
        called = [person for person in found if _is_called(person.name, typed)][:MOST]
        return self._introduced(called)

    def _introduced(self, found: "list[Person] | object") -> list[Candidate]:
        rows = list(found)  # type: ignore[call-overload]
        if not rows:
            return []
        return [
            Candidate(
                card.person.id, card.person.name, card.organization, _tail(card.phone), card.person.standing
            )
            for card in people.cards(self._actor, rows, with_phone=True)
        ]


class Colleagues:
    """The colleagues an actor may name behind an `@`; read when the first is asked for."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._users: list[User] | None = None

    def candidates(self, token: str) -> list[Candidate]:
        if self._users is None:
            self._users = list(accounts.colleagues(self._actor))
        typed = token.lower()
        named = [
            user for user in self._users if token in (user.name, user.login) or _is_called(user.name, typed)
        ]
        likely = named or [user for user in self._users if user.name.startswith(token)]
        return [Candidate(user.id or 0, user.name) for user in likely[:MOST]]


def _possible_names(run: str) -> set[str]:
    spans = {
        run[at : at + length] for length in range(2, _LONGEST_NAME + 1) for at in range(len(run) - length + 1)
    }
    return {names.simplified_key(span) for span in spans | {run}}


def _is_called(name: str, typed: str) -> bool:
    return typed in names.readings(name) or typed in names.initials(name)


def _tail(phone: object) -> str:
    # The outline tells the last four digits of a phone and nothing more.
    said = str(phone or "")[-4:]
    return said if said.isdigit() else ""
