"""The journal: what a deed changed comes back exactly, whatever kind of value, and what was edited since stays."""

import datetime as dt
from decimal import Decimal

import pytest
from sqlmodel import select

from tests.conference.arranged import an_edition
from tests.people.arranged import somebody
from tests.projects.arranged import a_project
from yishang_crm.conference import queries as conference
from yishang_crm.conference.models import Edition
from yishang_crm.core import journal
from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.bulk import take
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.scope import unscoped_for
from yishang_crm.core.sealed import Sealed
from yishang_crm.people import actions, queries
from yishang_crm.people.models import Gender, Person, PersonState

pytestmark = pytest.mark.usefixtures("indoors")


@action(Permission.HOUSEKEEPING)
def written(actor, change):
    """Do something under a journal; what it says, as it would be read back from its column."""
    with journal.journal() as kept:
        change()
    return journal.read(kept.text(beside="kept"))


@action(Permission.HOUSEKEEPING)
def taken_back(actor, said):
    return journal.take_back(said["steps"])


def row_of(row) -> dict:
    db.session.expire_all()
    found = db.session.scalars(
        unscoped_for("a test looks", select(type(row)).where(type(row).id == row.id))
    ).one()
    return {name: getattr(found, name) for name in type(row).model_fields if name != "version"}


def test_every_kind_of_value_comes_back(cast):
    person, project = somebody(cast.bureau), a_project(cast.bureau)
    actions.set_id_number(cast.bureau, person, number="340881196801010019")
    before = row_of(person), row_of(project)

    def change():
        person.gender, person.state, person.do_not_contact_at = (
            Gender.FEMALE,
            PersonState.RETIRED,
            dt.datetime.now(dt.UTC),
        )
        person.id_number, person.birth_year = Sealed("340881196801010027"), None
        project.planned_investment, project.first_talk_on = Decimal("1.25"), dt.date(2026, 9, 1)

    said = written(HOUSE, change)
    assert (row_of(person), row_of(project)) != before
    assert said["beside"] == "kept"
    assert taken_back(HOUSE, said) == []
    assert (row_of(person), row_of(project)) == before


def test_rows_that_were_added_go_and_rows_that_were_removed_come_back_under_their_number(cast):
    person = somebody(cast.bureau)
    contact = queries.person_parts(cast.bureau, person).contacts[0]
    before, number = row_of(contact), contact.id

    def change():
        db.session.delete(contact)
        db.session.flush()
        db.session.add(Person(name="查静安", name_key="查静安"))

    said = written(HOUSE, change)
    taken_back(HOUSE, said)
    (back,) = queries.person_parts(cast.bureau, person).contacts
    assert (back.id, row_of(back)) == (number, before)
    assert queries.count_up_to(cast.bureau, queries.Filters(q="查静安")) == 0


def test_what_was_edited_since_stays_and_is_named(cast):
    person = somebody(cast.bureau)

    def change():
        person.residence, person.industry = "惠州", "五金"

    said = written(HOUSE, change)
    actions.edit_person(cast.bureau, person, version=person.version, residence="珠海")
    assert taken_back(HOUSE, said) == [journal.Since("person", person.id, ("residence",))]
    assert (person.residence, person.industry) == ("珠海", "")


def test_a_form_opened_in_between_does_not_fit_again(cast):
    person = somebody(cast.bureau)
    said = written(HOUSE, lambda: person.edit(residence="惠州"))
    in_between = person.version
    taken_back(HOUSE, said)
    assert person.version > in_between


def test_counts_are_given_back_or_the_undo_says_why_not(cast):
    edition = an_edition(cast.organizer, seats=2)
    sit(HOUSE, edition, n=2)
    said = written(HOUSE, lambda: sit(HOUSE, edition, n=-1))
    assert seats_of(edition) == 1
    taken_back(HOUSE, said)
    assert seats_of(edition) == 2
    said = written(HOUSE, lambda: sit(HOUSE, edition, n=-1))
    sit(HOUSE, edition, n=1)
    with pytest.raises(NotPossible, match="已经给了别人"):
        taken_back(HOUSE, said)


@action(Permission.HOUSEKEEPING)
def sit(actor, edition, *, n):
    take(Edition, edition.id, used="seats_taken", limit="seats", n=n)
    journal.counted(Edition, edition.id, used="seats_taken", limit="seats", n=n)


def seats_of(edition) -> int:
    db.session.expire_all()
    return conference.edition_by_id(edition.id).seats_taken


def test_nothing_is_noted_without_a_journal(cast):
    person = somebody(cast.bureau)
    said = written(HOUSE, lambda: None)
    actions.edit_person(cast.bureau, person, version=person.version, residence="惠州")
    assert said["steps"] == []
