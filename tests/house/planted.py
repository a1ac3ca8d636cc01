"""One row of each kind, kept by one county: what could leak to the others, what every page is opened with."""

import contextlib
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import SQLModel, select
from werkzeug.routing import Rule

from tests.cast import Cast, signed_in, unit_id
from tests.conference.arranged import an_edition, an_invited
from tests.followup.arranged import log
from tests.network.arranged import partner, proposed
from tests.outbox.arranged import a_message
from tests.people.arranged import somebody
from tests.people.exports.arranged import an_export
from tests.people.files.made import PDF, picture
from tests.people.rights.arranged import a_request
from tests.people.rounds.arranged import a_round, an_entry
from tests.projects.arranged import a_project
from yishang_crm.accounts import actors
from yishang_crm.accounts.models import SignIn
from yishang_crm.conference import tokens
from yishang_crm.core import scope
from yishang_crm.core.clock import today
from yishang_crm.core.db import db, writing
from yishang_crm.core.scope import unscoped_for
from yishang_crm.core.undo import recent_acts
from yishang_crm.followup import actions as followup
from yishang_crm.network import actions as network
from yishang_crm.people import actions as people_actions
from yishang_crm.people import queries as people
from yishang_crm.people.acts import Selection
from yishang_crm.people.files import actions as files
from yishang_crm.people.files import contents
from yishang_crm.people.filters import Filters
from yishang_crm.people.lists.models import Readers
from yishang_crm.people.models import Person
from yishang_crm.people.models.brought import ImportRow
from yishang_crm.people.models.dictionary import Dictionary
from yishang_crm.people.rounds import actions as rounds
from yishang_crm.people.rounds import queries as rounds_reading
from yishang_crm.people.stewards import actions as stewards

NAME, FIRM = "戴玉屏", "东莞市独秀电子有限公司"
SLUG = "2026"
CSV = "姓名,手机,单位,职务\n戴玉屏,19900000611,东莞市独秀电子有限公司,总经理\n".encode()
# Parameters that lead to a row of one unit; another unit does not find it.
OF_A_UNIT = {
    "person_id", "contact_id", "post_id", "task_id", "interaction_id", "message_id", "project_id", "appointment_id",
    "entrusted_id", "introduction_id", "guest_id", "batch_id", "row_id", "stewardship_id", "entry_id", "proposal_id",
    "round_id", "asking_id", "file_id",
    "export_id",
    "pair_id", "merge_id",
    "relation_id",
    "act_id", "tag_id", "view_id", "segment_id", "snapshot_id",
}  # fmt: skip
UNKNOWN = {
    "slug": "nowhere",
    "token": "A" * 22,
    "name": "no.eml",
    "mark": "0" * 12,
    "key": "nothing",
    "filename": "css/nothing.css",
    "fact": "tier",
}


@dataclass(frozen=True)
class Planted:
    """A value for every parameter that an address may have."""

    values: dict[str, Any]

    def address(self, app: Flask, rule: Rule) -> str:
        return _address(app, rule, self.values)


def unknown_address(app: Flask, rule: Rule) -> str:
    """The address with ids that belong to nothing."""
    return _address(app, rule, {name: UNKNOWN.get(name, 987_654_321) for name in rule.arguments})


def _address(app: Flask, rule: Rule, values: dict[str, Any]) -> str:
    with app.test_request_context():
        built = app.url_map.bind("localhost").build(
            rule.endpoint,
            {name: values[name] for name in rule.arguments},
            method=next(iter(rule.methods - {"HEAD", "OPTIONS"})),
        )
    return str(built)


def plant(app: Flask, cast: Cast) -> Planted:
    """Everything belongs to Tongcheng; nothing to Huaining."""
    with app.app_context(), writing():
        person = somebody(
            cast.tongcheng, NAME, phone="19900000611", email="dai.yuping@example.cn", organization=FIRM
        )
        parts = people.person_parts(cast.tongcheng, person)
        talk = log(cast.tongcheng, person, text=f"{NAME}谈二期扩产")
        task = followup.add_task(cast.tongcheng, person_id=person.id, what=f"给{NAME}回电话", due_on=today())
        message = a_message(7, hold=True, unit_id=unit_id("340881"), subject=f"致{NAME}")
        project = a_project(cast.tongcheng, f"{NAME}的结构件基地", introducer=person)
        ambassador = partner(
            cast.tongcheng, "ambassador", "程守默", phone="19900000612", email="cheng@example.cn"
        )
        entrusted = network.entrust(cast.tongcheng, person, partner=ambassador.person)
        introduction = proposed(ambassador.actor, f"{NAME}之友")
        edition = an_edition(cast.organizer, slug=SLUG)
        guest = an_invited(cast.tongcheng, edition, person)
        begun = a_round(cast.tongcheng)
        entry = an_entry(cast.tongcheng, begun, person)
        said = actors.of_person(person.id or 0, name=NAME, language="zh_Hans")
        rounds.propose(said, rounds_reading.own(entry.id or 0), values={"residence": f"{NAME}的新住处"})
        proposal = rounds_reading.waiting_proposals(cast.tongcheng)[0].proposal
        asked = stewards.ask_for_transfer(cast.bureau, person, reason=f"{NAME}归市局")
        kept = files.add_file(cast.tongcheng, person, contents.paper(f"{NAME}.pdf", PDF))
        files.set_photo(cast.tongcheng, person, contents.photo(f"{NAME}.png", picture("PNG")), seen=0)
        double = somebody(cast.tongcheng, NAME, phone="19900000613", organization=FIRM)
        (pair,) = people_actions.ask_merge(cast.tongcheng, [person, double], why="看着像一个人")
        one, other = (
            somebody(cast.tongcheng, name, phone=f"1990000061{n}", organization=FIRM)
            for n, name in ((4, "操书恒"), (5, "操书衡"))
        )
        merge = people_actions.merge_people(cast.tongcheng, [one, other])
        sign_in = select(SignIn.id).limit(1)
        chamber = people_actions.add_organization(cast.tongcheng, name="东莞市独秀商会")
        people_actions.begin_edition(cast.tongcheng, chamber, number=1, since=today())
        people_actions.add_officer(cast.tongcheng, chamber, person, title="会长")
        word = people_actions.add_word(cast.bureau, dictionary=Dictionary.RELATION, name="校友", other="校友")
        friend = somebody(cast.tongcheng, "戴玉屏之友", phone="19900000616", organization="")
        relation = people_actions.relate(cast.tongcheng, person, friend, word=word)
        listed = _kept(cast, person)
        values = {
            "slug": SLUG, "token": tokens.token(guest), "name": "no.eml", "mark": "none", "key": "exports", "filename": "mark.svg",
            "province": "CN44", "word_id": word.id, "relation_id": relation.id,
            "number": 1, "person_id": person.id, "contact_id": parts.contacts[0].id, "post_id": parts.posts[0][0].id,
            "organization_id": chamber.id, "interaction_id": talk.id,
            "task_id": task.id, "message_id": message.id, "project_id": project.id,
            "appointment_id": ambassador.appointment.id, "entrusted_id": entrusted.id, "introduction_id": introduction.id,
            "stewardship_id": parts.stewards[0][0].id,
            "round_id": begun.id, "entry_id": entry.id, "proposal_id": proposal.id, "file_id": kept.id, "asking_id": asked.id,
            "guest_id": guest.id, "unit_id": unit_id("340881"), "user_id": cast.tongcheng.id,
            "export_id": an_export(cast.tongcheng).id, "request_id": a_request(cast.tongcheng, person).id,
            "place_id": people_actions.add_place(cast.bureau, name="桐城市", level="county", parent="", aliases="桐城").id,
            "fact": "residence", **listed,
            "pair_id": pair.id, "merge_id": merge.id, "double_id": double.id,
        }  # fmt: skip
        db.session.commit()
    brought = signed_in(app.test_client(), "tongcheng").post(
        "/people/import", data={"file": (io.BytesIO(CSV), "桐城.csv"), "source": "", "lawful_basis": "duty"}
    )
    assert brought.status_code == 303, brought.text
    with app.app_context():
        values["batch_id"] = int(brought.location.rstrip("/").split("/")[3])
        row = select(ImportRow.id).where(ImportRow.batch_id == values["batch_id"])
        values["row_id"] = db.session.scalars(unscoped_for("a test looks", row)).first()
        values["sign_in_id"] = db.session.scalar(unscoped_for("a test looks", sign_in))
    return Planted(values)


def _kept(cast: Cast, person: Person) -> dict[str, Any]:
    """A tag, a view, a segment, a snapshot and an act of Tongcheng's own, all about the one person."""
    tag = people_actions.add_tag(cast.tongcheng, name=f"{NAME}的朋友")
    this = Filters(q=NAME)
    view = people_actions.save_view(cast.tongcheng, name=f"找{NAME}", readers=Readers.UNIT, filters=this)
    tree = {
        "join": "and",
        "parts": [{"join": "and", "not": False, "parts": [{"not": False, "view": view.id}]}],
    }
    segment = people_actions.add_segment(cast.tongcheng, name=f"{NAME}一人", readers=Readers.UNIT, tree=tree)
    snapshot = people_actions.freeze(
        cast.tongcheng, name=f"{NAME}在册", why="试", readers=Readers.UNIT, filters=this
    )
    people_actions.tag_many(cast.tongcheng, Selection(ids=(person.id or 0,)), tag=tag, expected=1)
    return {
        "tag_id": tag.id,
        "view_id": view.id,
        "segment_id": segment.id,
        "snapshot_id": snapshot.id,
        "act_id": recent_acts(cast.tongcheng)[0].id,
    }


# The whole database in one figure


MOVING = {"audit_entry", "audit_value", "audit_checkpoint", "attempts"}


def figure(app: Flask, *, but: set[str] = MOVING) -> dict[str, str]:
    """A digest of every table, so that a difference says where it is."""
    with app.app_context():
        connection = db.sessionmaker.kw["bind"]
        names = [*SQLModel.metadata.tables, *scope._beside_tables]
        present = set(sa.inspect(connection).get_table_names())
        return {
            name: _digest(connection, name) for name in sorted(names) if name not in but and name in present
        }


def _digest(connection: sa.Connection, name: str) -> str:
    everything = sa.text(f'SELECT * FROM "{name}"').execution_options(scope="house: a test looks")
    rows = connection.execute(everything).all()
    return hashlib.sha256("\n".join(sorted(map(repr, rows))).encode()).hexdigest()[:16]


@contextlib.contextmanager
def undone(app: Flask) -> Iterator[None]:
    """Whatever the block writes is gone after it."""
    with app.app_context():
        connection = db.sessionmaker.kw["bind"]
    nested = connection.begin_nested()
    try:
        yield
    finally:
        nested.rollback()


# Addresses


def rules(app: Flask, *methods: str) -> list[Rule]:
    """Every address that answers one of the methods, in the order of the alphabet."""
    found = [rule for rule in app.url_map.iter_rules() if set(methods) & (rule.methods or set())]
    return sorted(found, key=lambda rule: (rule.rule, sorted(rule.methods or ())))


def visitor(app: Flask, login: str) -> FlaskClient:
    """A client as one of the cast; `stranger` has not signed in."""
    client = app.test_client()
    return client if login == "stranger" else signed_in(client, login)
