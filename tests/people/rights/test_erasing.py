"""Who asks to be erased is gone from rows, search, trail, ledger and disk; what was counted is still so many (S36)."""

import io
import json
import os
import zipfile
from collections import Counter

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, select

from tests.cast import signed_in
from tests.conference.arranged import an_edition, an_invited, ended
from tests.followup.arranged import log
from tests.network.arranged import partner, proposed
from tests.outbox.arranged import letter
from tests.people.arranged import somebody
from tests.people.exports.arranged import an_export
from tests.people.files.made import PDF, picture
from tests.people.rights.arranged import a_request
from tests.people.rounds.arranged import a_round, an_entry
from tests.projects.arranged import a_project
from yishang_crm.accounts import actors
from yishang_crm.conference import actions as conference
from yishang_crm.conference.models import Reply, ReplyChannel
from yishang_crm.core import audit, scope, trail
from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.clock import today
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible, Refused
from yishang_crm.core.scope import unscoped_for
from yishang_crm.core.sealed import Sealed
from yishang_crm.followup import actions as followup
from yishang_crm.insight import queries as insight
from yishang_crm.network import actions as network
from yishang_crm.outbox import door
from yishang_crm.outbox.door import Addressee
from yishang_crm.outbox.models import Message
from yishang_crm.outbox.models import State as MessageState
from yishang_crm.people import actions, queries
from yishang_crm.people.acts import Selection
from yishang_crm.people.exports import making
from yishang_crm.people.fields import FACTS
from yishang_crm.people.files import actions as files
from yishang_crm.people.files import contents
from yishang_crm.people.filters import Filters
from yishang_crm.people.lists.models import Readers
from yishang_crm.people.models import ContactKind, LawfulBasis, Person
from yishang_crm.people.models.dictionary import Dictionary
from yishang_crm.people.queries.assess import Assessed, assess
from yishang_crm.people.rights import actions as rights
from yishang_crm.people.rights.models import RightsKind, RightsState
from yishang_crm.people.rights.weighing import weighed
from yishang_crm.people.rounds import actions as rounds
from yishang_crm.people.rounds import queries as reading_rounds
from yishang_crm.people.stewards import actions as stewards
from yishang_crm.reception.models import CheckIn, Outcome

NAME, PHONE, MAIL, FIRM = "戴玉屏", "19900000611", "dai.yuping@example.cn", "东莞市独秀电子有限公司"
NEW_PHONE = "19900000613"
WORDS = (NAME, PHONE, MAIL, "戴玉萍", "DAI Yuping", "yuping-wx", "+8619900000611", NEW_PHONE, "19900000615")

# PostgreSQL deletes the row of its index, and its files are its own.
on_sqlite = pytest.mark.skipif(
    os.environ.get("YISHANG_TEST_DATABASE") == "postgresql", reason="SQLite's file"
)
TOLD = [
    "发给本人的信", "登录账号", "基本资料", "联系方式", "任职", "由谁联系", "谁看过未遮盖的号码，谁改过资料", "个人权利申请",
    "文件和照片", "本人提出的修改", "单位之间的申请", "记下的关系", "标签", "在哪些快照上", "联络记录", "与本人有关的待办",
    "聘任", "引荐", "引荐的项目", "第五届中国宜商大会", "报到",
]  # fmt: skip


@action(Permission.HOUSEKEEPING)
def posted(actor, person, number, *, purpose="invitation", body="", state=MessageState.SENT, to=None):
    message = door.post(
        actor,
        to or Addressee(name=person.name, title="总经理", address=Sealed(MAIL), person_id=person.id),
        letter(
            number,
            purpose=purpose,
            subject=f"致{NAME}",
            body_text=body or f"尊敬的{NAME}先生：",
            body_html="",
        ),
        hold=state == MessageState.HELD,
        unit_id=None,
    )
    message.state = state
    return message


@action(Permission.HOUSEKEEPING)
def put(actor, row):
    db.session.add(row)
    db.session.flush()
    return row


def kept_beside(cast, person, other, double):
    """What the rooms within the room of people know: a file, a relation, a proposal, another unit's request, a merge."""
    files.add_file(cast.tongcheng, person, contents.paper(f"{NAME}.pdf", PDF))
    files.set_photo(cast.tongcheng, person, contents.photo(f"{NAME}.png", picture("PNG")), seen=0)
    word = actions.add_word(cast.bureau, dictionary=Dictionary.RELATION, name="老友", other="老友")
    actions.relate(cast.tongcheng, person, other, word=word, note=f"{NAME}的棋友")
    entry = an_entry(cast.tongcheng, a_round(cast.tongcheng), person)
    said = actors.of_person(person.id, name=NAME, language="zh_Hans")
    rounds.propose(
        said, reading_rounds.own(entry.id), values={"phone": NEW_PHONE, "residence": f"{NAME}的新居"}
    )
    stewards.ask(cast.huaining, name=NAME, phone=PHONE, reason=f"{NAME}要回怀宁看地")
    actions.merge_people(cast.tongcheng, [person, double])


@pytest.fixture
def lived(app, cast, settings):
    """Somebody whom every room knows, and a colleague of theirs who stays."""
    with app.app_context(), writing():
        double = somebody(cast.tongcheng, NAME, phone="19900000615", organization=FIRM)
        one = partner(cast.tongcheng, "ambassador", NAME, phone=PHONE, email=MAIL)
        person = one.person
        other = somebody(cast.tongcheng, "余秉衡", phone="19900000612")
        actions.edit_person(
            cast.tongcheng, person, version=1, former_names="戴玉萍", romanized_name="DAI Yuping", note=f"{NAME}爱下棋",
            native_place="桐城市",
        )  # fmt: skip
        actions.add_contact(cast.tongcheng, person, typed=MAIL)
        actions.add_contact(cast.tongcheng, person, typed="yuping-wx", kind=ContactKind.WECHAT)
        actions.add_post(cast.tongcheng, person, organization=FIRM, title="总经理")
        actions.set_id_number(cast.tongcheng, person, number="110101199003077571")
        log(cast.tongcheng, person, text=f"{NAME}说二期要扩产")
        dinner = log(cast.tongcheng, person, other, text=f"和{NAME}、余秉衡吃饭，{PHONE}是{NAME}的新号")
        followup.add_task(cast.tongcheng, person_id=person.id, what=f"给{NAME}寄资料", due_on=today())
        done = followup.add_task(cast.tongcheng, person_id=person.id, what=f"接{NAME}", due_on=today())
        followup.finish_task(cast.tongcheng, done)
        proposed(one.actor, "章大枫", what=f"{NAME}的老友")
        network.end_appointment(cast.tongcheng, one.appointment, reason=f"{NAME}请辞")
        a_project(cast.tongcheng, f"{NAME}的结构件基地", introducer=person)
        edition = an_edition(cast.organizer)
        guest = an_invited(cast.tongcheng, edition, person)
        conference.record_answer(
            cast.organizer, guest, reply=Reply.ACCEPTED, channel=ReplyChannel.LIAISON, companions=1, companion_names=f"{NAME}的夫人",
            travel_number="G7081", diet="不吃辣",
        )  # fmt: skip
        put(
            HOUSE,
            CheckIn(
                edition_id=edition.id,
                guest_id=guest.id,
                nonce="n" * 32,
                user_id=1,
                outcome=Outcome.ARRIVED,
                name=NAME,
                title="总经理",
            ),
        )
        ended(edition)
        posted(HOUSE, person, 1)
        posted(HOUSE, person, 2, state=MessageState.HELD)
        staff = Addressee(name="汪澄", title="", address=Sealed("wang@example.cn"), person_id=None)
        posted(HOUSE, person, 3, purpose="digest", body=f"- {NAME}，超3天\n- 余秉衡，超2天", to=staff)
        export = an_export(cast.tongcheng, filters={"q": NAME}, said=f"搜索：{NAME}")
        kept_beside(cast, person, other, double)
        on_lists(cast, person)
        request = a_request(cast.tongcheng, person, kind=RightsKind.ERASURE, what=f"我是{NAME}，请删掉")
        ids = {
            "person": person.id,
            "other": other.id,
            "request": request.id,
            "export": export.id,
            "dinner": dinner.id,
        }
        ids["edition"] = edition.slug
        db.session.commit()
        trail.seal()
    with app.app_context():
        making.make(cast.tongcheng, ids["export"], settings)
    return ids


def on_lists(cast, person):
    """Tagged, frozen, looked for by name, and changed by bulk acts of which the undo is kept."""
    this, whom = Filters(q=NAME), Selection(ids=(person.id,))
    tag = actions.add_tag(cast.tongcheng, name="常来的人")
    actions.tag_many(cast.tongcheng, whom, tag=tag, expected=1)
    for value in (f"{NAME}介绍", "商会名册"):
        actions.edit_many(cast.tongcheng, whom, fact=FACTS["source"], value=value, said=value, expected=1)
    kept = {"readers": Readers.UNIT, "filters": this}
    actions.save_view(cast.tongcheng, name=f"找{NAME}", **kept)
    actions.freeze(cast.tongcheng, name=f"{NAME}在册", why=f"{NAME}要来", **kept)
    leaf = {"not": False, "filters": {"q": PHONE}}
    tree = {"join": "and", "parts": [{"join": "or", "not": False, "parts": [leaf]}]}
    actions.add_segment(cast.tongcheng, name=f"{NAME}一人", readers=Readers.OWN, tree=tree)


def erased(app, cast, ids, *, by=None):
    by = by or cast.bureau
    with app.app_context(), writing():
        person = queries.person(by, ids["person"])
        from yishang_crm.people.rights import queries as reading

        files = rights.erase(by, person, reading.request(by, ids["request"]).request)
        db.session.commit()
        return files


def found(word: str) -> dict[str, int]:
    """In which tables a word stands, the search index and what JSON escapes included."""
    connection = db.session.connection()
    escaped = json.dumps(word)[1:-1].replace("\\", "\\\\")
    names = sa.inspect(connection).get_table_names()
    hits = Counter()
    for name in names:
        rows = connection.execute(
            sa.text(f'SELECT * FROM "{name}"').execution_options(scope="house: a test looks")
        ).all()
        hits[name] = sum(word in said or escaped in said for said in map(repr, rows))
    return {name: count for name, count in hits.items() if count}


def counts() -> dict[str, int]:
    connection = db.session.connection()
    return {
        name: connection.execute(
            sa.text(f'SELECT count(*) FROM "{name}"').execution_options(scope="house: a test looks")
        ).scalar()
        for name in SQLModel.metadata.tables
    }


# What is told


def test_who_was_written_to_and_met_is_told_what_every_room_keeps(app, client, cast, lived):
    signed_in(client, "bureau")
    answer = client.post(f"/people/{lived['person']}/rights/copy")
    assert answer.status_code == 200, answer.text
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    rows = {one["title"]: one["rows"] for one in json.loads(archive.read("个人信息.json"))["chapters"]}
    assert list(rows) == TOLD
    assert [(row["标题"], row["状态"]) for row in rows["发给本人的信"]] == [
        (f"致{NAME}", "已发"),
        (f"致{NAME}", "待放行"),
    ]
    page = archive.read("个人信息.html").decode()
    for said in (NAME, PHONE, MAIL, f"{NAME}说二期要扩产", "待放行"):
        assert said in page


def test_the_files_themselves_are_handed_over(app, client, cast, lived):
    signed_in(client, "bureau")
    answer = client.post(f"/people/{lived['person']}/rights/copy")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    chapters = json.loads(archive.read("个人信息.json"))["chapters"]
    (rows,) = (one["rows"] for one in chapters if one["title"] == "文件和照片")
    paths = [row["文件"] for row in rows]
    assert paths == [f"文件/1 {NAME}.pdf", f"文件/2 {NAME}.jpg"]
    assert archive.namelist() == ["个人信息.html", "个人信息.json", *paths]
    assert archive.read(paths[0]) == PDF
    assert archive.read(paths[1]).startswith(b"\xff\xd8")


# What goes


def test_before_it_the_person_stands_in_many_tables(app, lived):
    """Without this the test below could pass for the wrong reason."""
    with app.app_context():
        assert {
            "person", "interaction", "task", "message", "audit_value", "introduction", "project", "guest", "check_in",
            "people_export", "rights_request", "person_file", "relation", "change_proposal", "access_request",
        } <= set(found(NAME))  # fmt: skip
        assert {"contact_point", "interaction"} <= set(found(PHONE))
        assert "change_proposal" in set(found(NEW_PHONE))
        assert {"message", "user_account", "contact_point"} <= set(found(MAIL))


@pytest.mark.parametrize("word", WORDS)
def test_after_it_no_table_holds_a_trace(app, cast, lived, word):
    erased(app, cast, lived)
    with app.app_context():
        # What the person did as a user of the portal is the house's duty to keep for 180 days; the trail prunes it.
        left = found(word)
        assert left.pop("audit_entry", 0) == (_own_deeds() if word == NAME else 0)
        assert left == {}


@on_sqlite
def test_after_it_not_even_the_segments_of_the_index_hold_a_syllable(app, cast, lived):
    # A term is written without what it shares with the one before it, hence the second half of daiyuping.
    words = (b"yuping", PHONE[::-1].encode(), "戴".encode())
    with app.app_context():
        assert [word in _segments() for word in words] == [True, True, True]
    erased(app, cast, lived)
    with app.app_context():
        assert [word in _segments() for word in words] == [False, False, False]
        assert queries.count_up_to(cast.bureau, Filters(q="余秉衡")) == 1


def _segments() -> bytes:
    parts = "SELECT block FROM person_search_data UNION ALL SELECT c0 || c1 || c2 || c3 || c4 || c5 FROM person_search_content"
    rows = db.session.connection().execute(sa.text(parts).execution_options(scope="house: a test looks"))
    return b"".join(part if isinstance(part, bytes) else part.encode() for (part,) in rows)


@on_sqlite
def test_after_it_the_file_has_forgotten(app, cast, lived):
    words = [word.encode() for word in (PHONE, MAIL, "戴玉萍", "yuping-wx", NEW_PHONE, f"{NAME}说二期要扩产")]
    with app.app_context():
        assert [word in _file() for word in words] == [True] * len(words)
    erased(app, cast, lived)
    with app.app_context():
        assert [word in _file() for word in words] == [False] * len(words)


def _file() -> bytes:
    """Every page as this transaction would leave it, the free ones as well."""
    return db.session.connection().connection.dbapi_connection.serialize()


def _own_deeds() -> int:
    wanted = select(audit.AuditEntry).where(audit.AuditEntry.actor_name == NAME)
    return len(db.session.scalars(unscoped_for("a test looks", wanted)).all())


def test_no_undo_brings_anything_back_and_a_frozen_list_keeps_its_count(app, cast, lived):
    with app.app_context():
        before = counts()
        assert (before["act_image"], before["person_tag"], before["snapshot_member"]) == (3, 1, 1)
    erased(app, cast, lived)
    with app.app_context():
        now_is = counts()
        assert (now_is["act_image"], now_is["person_tag"], now_is["snapshot_member"]) == (0, 0, 1)
        (snapshot,) = queries.snapshots(cast.tongcheng)
        assert (snapshot.name, snapshot.people) == ("某某在册", 1)
        found = queries.seen_of(cast.tongcheng, snapshot)
        assert (list(found.people), found.hidden) == ([], 1)
        assert [view.filters for view in queries.views(cast.tongcheng)] == [{"q": "某某"}]


def test_nobody_finds_them_by_any_habit(app, client, cast, lived):
    erased(app, cast, lived)
    with app.app_context():
        for text in (NAME, "daiyuping", "dyp", "0611", "戴玉萍", FIRM):
            assert [one.name for one in queries.page_of_people(cast.bureau, Filters(q=text))] == []
        assert queries.person(cast.bureau, lived["person"]) is None
    signed_in(client, "bureau")
    assert client.get(f"/people/{lived['person']}").status_code == 404
    assert "已删除" not in client.get("/people").text


def test_the_chain_is_whole_afterwards(app, cast, lived):
    erased(app, cast, lived)
    with app.app_context(), writing():
        trail.seal()
        assert trail.verify() == []
        db.session.commit()


def test_the_export_on_the_disk_goes_with_the_row(app, cast, settings, lived):
    with app.app_context():
        from tests.people.exports.test_taking_out import export_of

        path = making.file_of(settings, export_of(lived["export"]).file_name)
        assert path.exists()
    files = erased(app, cast, lived)
    assert path in files


def test_the_page_deletes_the_files_once_the_rows_are_gone(app, client, cast, settings, lived):
    from tests.people.exports.test_taking_out import export_of
    from yishang_crm.people.exports.models import ExportState

    with app.app_context():
        path = making.file_of(settings, export_of(lived["export"]).file_name)
    signed_in(client, "bureau")
    answer = client.post(f"/people/rights/{lived['request']}/erasure", data={"sure": "y"})
    assert answer.status_code == 303, answer.text
    with app.app_context():
        assert (path.exists(), export_of(lived["export"]).state) == (False, ExportState.WIPED)
    page = client.get(answer.location).text
    assert NAME not in page
    assert "已按本人要求删除" in page


# What stays


def test_what_was_counted_is_still_so_many(app, cast, lived):
    with app.app_context():
        before = counts()
        figures = conference_figures(cast, lived)
    erased(app, cast, lived)
    with app.app_context():
        after = counts()
        assert conference_figures(cast, lived) == figures
    gone = {name: before[name] - after[name] for name in before if before[name] != after[name]}
    more = {"audit_entry", "erased_mark", "people_tally"}
    assert {name for name, less in gone.items() if less < 0} == more
    assert {name for name, less in gone.items() if less > 0} == {
        "contact_point", "position", "stewardship", "task", "cadence", "audit_value", "match_key", "person_file", "file_content",
        "relation", "person_tag", "act_image",
    }  # fmt: skip
    assert (gone["task"], gone["cadence"]) == (1, 1)


def conference_figures(cast, lived):
    from yishang_crm.conference import queries as reading

    edition = reading.edition(lived["edition"])
    return reading.figures(cast.bureau, edition), reading.figures_by_unit(cast.bureau, edition)


def test_the_people_figures_and_the_list_lose_exactly_one(app, cast, lived):
    with app.app_context():
        before = insight.people_figures(cast.bureau).tiers.total, queries.count_up_to(cast.bureau, Filters())
    erased(app, cast, lived)
    with app.app_context():
        after = insight.people_figures(cast.bureau).tiers.total, queries.count_up_to(cast.bureau, Filters())
    assert (before[0] - after[0], before[1] - after[1]) == (1, 1)
    assert after[0] == after[1]


def test_what_was_said_with_others_stays_without_this_one(app, cast, lived):
    from yishang_crm.followup import queries as reading

    erased(app, cast, lived)
    with app.app_context():
        entry = reading.interaction(cast.tongcheng, lived["dinner"])
        assert entry.text == "和某某、余秉衡吃饭，某某是某某的新号"


def test_a_letter_that_waits_goes_out_no_more_and_one_that_went_is_still_counted(app, cast, lived):
    erased(app, cast, lived)
    with app.app_context():
        wanted = select(Message).where(Message.person_id == lived["person"]).order_by(Message.id)
        one, two = db.session.scalars(unscoped_for("a test looks", wanted)).all()
        assert (one.state, two.state) == (MessageState.SENT, MessageState.CANCELLED)
        assert {(m.recipient_name, m.subject, m.body_text, str(m.address)) for m in (one, two)} == {
            ("", "", "", "****")
        }


def test_the_account_opens_no_door(app, client, cast, lived):
    from tests.cast import PASSWORD

    signed_in(client, "ambassador")
    erased(app, cast, lived)
    assert client.get("/portal").status_code == 302
    assert client.post("/login", data={"login": "ambassador", "password": PASSWORD}).status_code != 303


# Two pairs of eyes


def test_who_wrote_it_down_does_not_carry_it_out(app, cast, lived):
    with app.app_context(), writing():
        person = queries.person(cast.bureau, lived["person"])
        request = a_request(cast.bureau, person, kind=RightsKind.ERASURE)
        with pytest.raises(NotPossible, match="另一位同事"):
            rights.erase(cast.bureau, person, request)
        db.session.rollback()


def test_a_county_asks_and_the_bureau_does(app, cast, lived):
    with app.app_context(), pytest.raises(Refused):
        erased(app, cast, lived, by=cast.tongcheng2)


def test_only_a_request_to_be_erased_erases_and_only_whom_it_names(app, cast, lived):
    with app.app_context(), writing():
        person, other = (queries.person(cast.bureau, lived[one]) for one in ("person", "other"))
        copy = a_request(cast.tongcheng, person)
        with pytest.raises(NotPossible, match="不是要求删除"):
            rights.erase(cast.bureau, person, copy)
        request = a_request(cast.tongcheng, person, kind=RightsKind.ERASURE)
        with pytest.raises(NotPossible, match="不是这个人"):
            rights.erase(cast.bureau, other, request)
        db.session.rollback()


def test_it_is_done_once(app, cast, lived):
    erased(app, cast, lived)
    with app.app_context(), writing():
        from yishang_crm.people.rights import queries as reading

        request = reading.request(cast.bureau, lived["request"]).request
        assert request.state(today()) == RightsState.DONE
        with pytest.raises(NotPossible, match="已经由程景明办结"):
            request.must_be_erasable_by(cast.organizer.id)
        db.session.rollback()


# What must be settled first


def test_who_is_on_a_list_that_is_still_open_is_withdrawn_first(app, cast):
    with app.app_context(), writing():
        person = somebody(cast.tongcheng, NAME, phone=PHONE, email=MAIL)
        guest = an_invited(cast.tongcheng, an_edition(cast.organizer), person)
        request = a_request(cast.tongcheng, person, kind=RightsKind.ERASURE)
        assert weighed_plainly(cast.bureau, person) == [
            "此人还在第五届中国宜商大会的名单上，请先撤回提名或邀请。"
        ]
        with pytest.raises(NotPossible, match="请先撤回"):
            rights.erase(cast.bureau, person, request)
        conference.withdraw(cast.organizer, guest, note="本人要求删除")
        rights.erase(cast.bureau, person, request)
        db.session.rollback()


def test_who_is_in_office_is_released_first(app, cast):
    with app.app_context(), writing():
        one = partner(cast.tongcheng, "ambassador", NAME, phone=PHONE)
        assert weighed_plainly(cast.bureau, one.person) == ["此人还在聘期内，请先结束聘任。"]
        db.session.rollback()


def test_a_letter_on_its_way_is_waited_for(app, cast):
    with app.app_context(), writing():
        person = somebody(cast.tongcheng, NAME, phone=PHONE)
        posted(HOUSE, person, 9, state=MessageState.IN_DOUBT)
        assert len(weighed_plainly(cast.bureau, person)) == 1
        db.session.rollback()


def weighed_plainly(actor, person):
    from yishang_crm.core import known

    return [str(one) for part in known.parts() for one in part.hinders(actor, person.id)]


def test_what_it_would_do_is_said_beforehand(app, client, cast, lived):
    signed_in(client, "bureau")
    page = client.get(f"/people/rights/{lived['request']}/erasure").text
    for said in (
        "4个联系方式",
        "2个文件和照片",
        "2条本人提出的修改",
        "2条联络的内容",
        "1件没办完的待办",
        "2封信的收件人",
        "1届大会的答复",
        "1个登录账号",
        "1个项目的引荐人",
    ):
        assert said in page
    assert client.post(f"/people/rights/{lived['request']}/erasure", data={}).status_code == 422
    with app.app_context():
        assert weighed(cast.bureau, lived["person"]).hinders == []


# Coming in again


def test_a_phone_an_address_or_a_name_with_its_firm_is_noticed(app, cast, lived):
    erased(app, cast, lived)
    with app.app_context(), writing():
        for details in (
            {"phone": PHONE},
            {"phone": "", "email": MAIL.upper()},
            {"phone": "", "organization": FIRM},
        ):
            name = NAME if "organization" in details else "某甲"
            with pytest.raises(NotPossible, match="要求删除过自己的信息"):
                somebody(cast.huaining, name, **({"organization": ""} | details))
            db.session.rollback()
        again = somebody(
            cast.huaining, NAME, phone=PHONE, organization=FIRM, lawful_basis=LawfulBasis.CONSENT
        )
        assert isinstance(again, Person)
        db.session.rollback()


def test_a_namesake_elsewhere_is_another_person(app, cast, lived):
    erased(app, cast, lived)
    with app.app_context(), writing():
        assert somebody(cast.huaining, NAME, phone="19900000999").name == NAME
        db.session.rollback()


def test_a_workbook_that_brings_them_back_stops_at_their_row(app, cast, lived):
    erased(app, cast, lived)
    with app.app_context():
        rows = [
            Assessed("名册", 2, {"name": NAME, "phones": ["+8619900000611"]}),
            Assessed("名册", 3, {"name": NAME, "organization": FIRM}),
            Assessed("名册", 4, {"name": NAME, "phones": ["+8619900000998"], "organization": "别家公司"}),
        ]
        outcomes = [str(row.outcome) for row in assess(cast.huaining, rows)]
    assert outcomes == ["conflict", "conflict", "create"]
    assert "要求删除过自己的信息" in str([*rows[0].problems, *rows[0].reasons][0])


def test_the_fingerprint_tells_nothing_without_the_key(app, cast, lived):
    import hashlib

    erased(app, cast, lived)
    with app.app_context():
        marks = {row[0] for row in db.session.execute(sa.text("SELECT mark FROM erased_mark"))}
    plain = {
        hashlib.sha256(word.encode()).hexdigest()
        for word in (*WORDS, f"erased {PHONE}", "erased +8619900000611")
    }
    assert marks
    assert not marks & plain


def test_who_erased_and_that_it_was_asked_stands_in_the_trail(app, cast, lived):
    erased(app, cast, lived)
    with app.app_context():
        wanted = (
            select(audit.AuditEntry)
            .where(audit.AuditEntry.verb.in_(["people.rights.forget_rows", "people.rights.forget_values"]))
            .order_by(audit.AuditEntry.id)
        )
        entries = db.session.scalars(unscoped_for("a test looks", wanted)).all()
    assert next((one.actor, one.about) for one in entries) == (
        cast.bureau.key,
        f"rights_request:{lived['request']}",
    )
    assert len(entries) == 2


def test_the_guards_know_the_table_of_requests():
    assert {"rights_request", "people_export"} <= scope.guarded_tables()
    assert "erased_mark" in scope.recorded_tables()
