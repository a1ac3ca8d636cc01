"""What the rooms below hold of people, and what this room does when they say something: they do not know it."""

from yishang_crm.accounts.models import User
from yishang_crm.core.words import N_
from yishang_crm.outbox import registry
from yishang_crm.outbox.models import Message
from yishang_crm.people.actions.contacts import letter_returned
from yishang_crm.people.queries.held import held_in
from yishang_crm.people.uses import Use, add_use


def open_uses() -> None:
    """Who has a login or got a letter stays."""
    add_use(
        Use("accounts", N_("有登录账号，留着"), frozenset({"user_account"}), people=held_in(User.person_id))
    )
    add_use(
        Use("outbox", N_("有发给他的信件，留着"), frozenset({"message"}), people=held_in(Message.person_id))
    )


def open_answers() -> None:
    """A letter that comes back tells that an address has failed."""
    registry.when_returned(letter_returned)
