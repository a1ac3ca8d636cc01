"""The pages of the outbox, as those who may, who may only look, who may not, and strangers see them."""

import re
from dataclasses import replace

import pytest

from tests.cast import signed_in, unit_id
from tests.outbox.arranged import a_message, every_message, letter, many, posted, somebody, states
from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.db import db, writing
from yishang_crm.core.deed import Deed, doing
from yishang_crm.core.sealed import Sealed
from yishang_crm.outbox import actions, queries
from yishang_crm.outbox.models import State
from yishang_crm.outbox.queries import Filter
from yishang_crm.outbox.transport import mailbox_folder


@pytest.fixture
def arrange(app):
    """Do something as the house before the client comes; returns what it gives."""

    def work(deed, *args, **details):
        with app.app_context(), writing():
            made = deed(*args, **details)
            db.session.commit()
            return made

    return work


@pytest.fixture
def look(app):
    """Look at the messages after the client has been."""

    def work(deed=every_message):
        with app.app_context():
            return deed()

    return work


@pytest.fixture
def organizer(client):
    return signed_in(client, "organizer")


def ids_on(page) -> list[int]:
    return [int(one) for one in re.findall(r'class="mail[^"]*" data-id="(\d+)"', page.text)]


def counts_on(page) -> dict[str, int]:
    views = re.search(r'<nav class="views".*?</nav>', page.text, re.DOTALL).group()
    found = re.findall(r'<a [^>]*>([^<]+)<span class="n">([\d,]+)', views)
    return {label: int(count.replace(",", "")) for label, count in found}


def test_four_visitors(client, app, arrange):
    message = arrange(a_message, hold=True)
    for login, on_the_list, on_the_letter in (
        ("organizer", 200, 200),
        ("bureau", 200, 200),
        ("tongcheng", 200, 404),
        ("leader", 403, 403),
        ("ambassador", 403, 403),
    ):
        visitor = signed_in(app.test_client(), login)
        assert visitor.get("/outbox").status_code == on_the_list, login
        assert visitor.get(f"/outbox/{message.id}").status_code == on_the_letter, login
        released = visitor.post(f"/outbox/{message.id}/release").status_code
        assert released == {"organizer": 303}.get(login, 403)
    assert client.get("/outbox").location == "/login?next=/outbox"


def test_who_may_only_look_sees_no_buttons(client, arrange):
    arrange(a_message, hold=True)
    page = signed_in(client, "bureau").get("/outbox")
    assert "放行" in page.text
    assert '<form class="in-line"' not in page.text.split('id="letter"')[1].split("</article>")[0]
    assert 'type="checkbox"' not in page.text


def test_a_county_sees_its_own_letters_only(app, cast, arrange):
    with app.app_context():
        tongcheng, huaining = unit_id("340881"), unit_id("340822")
    mine = arrange(a_message, 1, hold=True, unit_id=tongcheng)
    theirs = arrange(a_message, 2, hold=True, unit_id=huaining)
    nobodys = arrange(a_message, 3, hold=True)
    reader = replace(
        cast.tongcheng,
        permissions=cast.tongcheng.permissions | {Permission.OUTBOX_READ, Permission.OUTBOX_RELEASE},
    )
    with app.app_context(), writing():
        assert [one.id for one in queries.messages(reader, Filter())] == [mine.id]
        assert queries.message(reader, theirs.id) is None
        assert queries.message(reader, nobodys.id) is None
        assert queries.counts(reader, Filter())["held"] == 1
        assert (queries.held_count(reader), queries.held_count(cast.leader)) == (1, None)
        assert queries.neighbors(reader, Filter(), mine) == (None, None)
        assert queries.troubles_with(reader, mine) == 0
        assert actions.release(reader, Filter(), expected=1)[1] == 1
        assert states() == {"queued": 1, "held": 2}


def put_in(state: State, *messages) -> None:
    with doing(Deed(HOUSE, "test.state")):
        for message in messages:
            message.state = state
        db.session.flush()


def test_counts_equal_the_lists(app, organizer, arrange):
    def fill():
        rows = [a_message(number, hold=True) for number in range(1, 12)]
        for state, row in zip(State, rows, strict=False):
            put_in(state, row)

    arrange(fill)
    page = organizer.get("/outbox")
    assert counts_on(page) == {"待放行": 4, "排队": 2, "已发": 1, "存疑": 1, "失败/退回": 2, "作废": 1}
    for view, count in (
        ("held", 4),
        ("queued", 2),
        ("sent", 1),
        ("in_doubt", 1),
        ("failed", 2),
        ("cancelled", 1),
    ):
        assert len(ids_on(organizer.get(f"/outbox?state={view}"))) == count


def test_filters_stand_in_the_address_and_change_counts_and_list_alike(organizer, arrange):
    def fill():
        a_message(1, hold=True, subject="邀请函 100%")
        a_message(2, hold=True, purpose="reminder", subject="催复 100分")
        a_message(3, purpose="reminder")

    arrange(fill)
    page = organizer.get("/outbox?purpose=reminder")
    assert (counts_on(page)["待放行"], counts_on(page)["排队"], len(ids_on(page))) == (1, 1, 1)
    assert len(ids_on(organizer.get("/outbox?q=100%25"))) == 1
    assert len(ids_on(organizer.get("/outbox?q=汪砚舟"))) == 1
    for odd in (
        "?state=nonsense",
        "?page=-1",
        "?page=９",
        "?unit=x",
        "?unit=99999999999",
        "?q=%00",
        "?q='\"--",
        "?id=abc",
    ):
        assert organizer.get(f"/outbox{odd}").status_code == 200


def test_fifty_a_page(organizer, arrange):
    arrange(many, HOUSE, 53, hold=True)
    first, second = organizer.get("/outbox"), organizer.get("/outbox?page=2")
    assert (len(ids_on(first)), len(ids_on(second))) == (50, 3)
    assert "51–53，共53" in second.text
    assert len(first.data) <= 60_000


def test_a_list_page_asks_the_same_few_questions_for_one_row_and_for_three(app, organizer, arrange):
    import sqlalchemy as sa

    def asked() -> int:
        seen = []
        listen = lambda *args: seen.append(args[2])  # noqa: E731
        with app.app_context():
            engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", listen)
        organizer.get("/outbox")
        sa.event.remove(engine, "before_cursor_execute", listen)
        return len([one for one in seen if not one.startswith(("SAVEPOINT", "RELEASE"))])

    arrange(a_message, 1, hold=True)
    one = asked()
    arrange(many, HOUSE, 2, hold=True, first=2)
    assert (one, asked()) == (7, 7)


def test_a_selection_is_restated_and_then_released_and_taken_back(organizer, arrange, look):
    ids = arrange(many, HOUSE, 4, hold=True)
    asked = organizer.get(f"/outbox/selection?act=release&id={ids[0]}&id={ids[1]}&id={ids[1]}")
    assert "放行2封信？" in asked.text
    assert 'name="expected" value="2"' in asked.text
    answer = organizer.post("/outbox/releases", data={"id": ids[:2], "expected": "2"})
    assert answer.status_code == 303
    assert look(states) == {"queued": 2, "held": 2}
    page = organizer.get(answer.location)
    assert "已放行2封，正在排队。" in page.text
    undo = re.search(r'action="(/outbox/releases/\w+/withdrawal)"', page.text).group(1)
    organizer.post(undo)
    assert look(states) == {"held": 4}
    assert organizer.post(undo).status_code == 404


def test_all_that_match_are_released_together(organizer, arrange, look):
    arrange(many, HOUSE, 60, hold=True)
    arrange(a_message, 99, hold=True, purpose="reminder")
    asked = organizer.get("/outbox/selection?matching=1&purpose=invitation")
    assert "放行60封信？" in asked.text
    answer = organizer.post(
        "/outbox/releases", data={"matching": "1", "purpose": "invitation", "expected": "60"}
    )
    assert answer.location == "/outbox?purpose=invitation"
    assert look(states) == {"queued": 60, "held": 1}


def test_a_count_that_changed_stops_the_release(organizer, arrange, look):
    ids = arrange(many, HOUSE, 3, hold=True)
    for expected in ("2", "", "x"):
        answer = organizer.post("/outbox/releases", data={"id": ids, "expected": expected})
        assert answer.status_code == 409
    assert look(states) == {"held": 3}
    assert organizer.post("/outbox/releases", data={"expected": "0"}).status_code == 400


def test_several_are_cancelled_with_a_reason(organizer, arrange, look):
    ids = arrange(many, HOUSE, 3, hold=True)
    organizer.post("/outbox/cancellations", data={"id": ids[:2], "expected": "2", "reason": "名单改了"})
    assert [(str(m.state), m.last_error) for m in look()] == [("cancelled", "名单改了")] * 2 + [("held", "")]


def test_one_letter_with_its_neighbors(organizer, arrange):
    ids = arrange(many, HOUSE, 3, hold=True)
    page = organizer.get(f"/outbox/{ids[1]}")
    assert re.findall(r'href="/outbox/(\d+)"[^>]*rel="(prev|next)"', page.text) == [
        (str(ids[0]), "prev"),
        (str(ids[2]), "next"),
    ]
    assert '<p class="flush">尊敬的余秉衡先生：</p>' in page.text
    assert "<p>诚邀您拨冗莅临。</p>" in page.text
    assert "g***@example.com" in page.text
    assert "guest2@example.com" not in page.text
    assert organizer.get("/outbox/987654").status_code == 404


def test_a_fragment_comes_alone_to_htmx(organizer, arrange):
    message = arrange(a_message, hold=True)
    page = organizer.get(f"/outbox/{message.id}", headers={"HX-Request": "true"})
    assert page.text.lstrip().startswith('<div id="letter"')


XSS = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def test_stored_html_and_names_are_shown_inert(organizer, arrange):
    def fill():
        from tests.outbox.arranged import letter, posted, somebody

        what = letter(subject=XSS, body_text=f"{XSS}\n[[x]]\njavascript:alert(1)", body_html=XSS)
        return posted(HOUSE, somebody(name=XSS, title=XSS), what, hold=True)

    message = arrange(fill)
    for address in (
        "/outbox",
        f"/outbox/{message.id}",
        f"/outbox/{message.id}/text",
        "/outbox/selection?matching=1",
    ):
        text = organizer.get(address).text
        assert "&lt;script&gt;" in text
        assert "<script>alert" not in text
        assert "<img" not in text


def test_a_doubt_is_settled_by_a_person_in_one_of_two_ways(organizer, arrange, look):
    def fill():
        rows = [a_message(number) for number in (1, 2)]
        put_in(State.IN_DOUBT, *rows)
        return [row.id for row in rows]

    arrived, lost = arrange(fill)
    page = organizer.get(f"/outbox/{arrived}")
    assert ("已经收到，记为已发" in page.text, "没有收到，重新排队" in page.text) == (True, True)
    organizer.post(f"/outbox/{arrived}/arrival")
    organizer.post(f"/outbox/{lost}/requeue")
    assert look(states) == {"sent": 1, "queued": 1}
    assert "核实已收到" in organizer.get(f"/outbox/{arrived}").text
    assert organizer.post(f"/outbox/{arrived}/requeue").status_code == 409


def test_a_queued_letter_is_taken_back_and_a_sent_one_is_not(organizer, arrange, look):
    message = arrange(a_message)
    organizer.post(f"/outbox/{message.id}/hold")
    assert look(states) == {"held": 1}
    arrange(put_all_in, State.SENT)
    organizer.post(f"/outbox/{message.id}/hold")
    assert organizer.post(f"/outbox/{message.id}/cancellation").status_code == 409
    assert look(states) == {"sent": 1}


def put_all_in(state):
    put_in(state, *every_message())


def test_a_held_letter_is_corrected_with_a_version_check(organizer, arrange, look):
    message = arrange(a_message, hold=True, body_text="您好：\n[[reply_url]]")
    address = f"/outbox/{message.id}/text"
    assert "[[reply_url]]" in organizer.get(address).text
    mine = {"version": "1", "subject": "新主题", "body_text": "您好！\n[[reply_url]]"}
    assert organizer.post(address, data=mine).status_code == 303
    stale = organizer.post(address, data=mine | {"subject": "旧页面来的"})
    assert stale.status_code == 409
    assert ("新主题" in stale.text, "旧页面来的" in stale.text, 'name="version" value="2"' in stale.text) == (
        True,
        True,
        True,
    )
    wrong = organizer.post(address, data=mine | {"version": "2", "body_text": "[[secret_key]]"})
    assert (wrong.status_code, "secret_key" in wrong.text) == (422, True)
    assert organizer.post(address, data=mine | {"version": "2", "subject": ""}).status_code == 422
    assert look()[0].subject == "新主题"


def test_checks_tell_of_an_address_that_came_back(organizer, arrange):
    def fill():
        from tests.outbox.arranged import letter, posted, somebody

        put_in(State.BOUNCED, posted(HOUSE, somebody(address=Sealed("old@example.com")), letter(1)))
        what = letter(2, body_text="[[nobody_fills]]", attachments=("nobody_makes",))
        return posted(HOUSE, somebody(address=Sealed("old@example.com")), what, hold=True)

    page = organizer.get(f"/outbox/{arrange(fill).id}")
    for sentence in (
        "这个邮箱有过1次没发成或退信",
        "有替换项，却不知道填什么：nobody_fills",
        "附件做不出来：nobody_makes",
    ):
        assert sentence in page.text


def test_the_mailbox_is_read_in_the_browser(app, organizer, arrange):
    from yishang_crm.outbox import jobs, registry
    from yishang_crm.outbox.registry import Attachment

    registry.attachment_maker(
        "test_letter", lambda _id: Attachment("邀请函.pdf", "application/pdf", b"%PDF-1")
    )
    arrange(a_message, body_text="请答复：http://127.0.0.1/r/abc\n<b>", attachments=("test_letter",))
    assert arrange(jobs.run_once)["sent"] == 1
    page = organizer.get("/outbox/mailbox")
    name, *_older = re.findall(r'data-id="(\d{20}-\w{16}\.eml)"', page.text)
    letter = organizer.get(f"/outbox/mailbox/{name}")
    assert '<a href="http://127.0.0.1/r/abc">' in letter.text
    assert "&lt;b&gt;" in letter.text
    assert "guest1@example.com" not in letter.text
    paper = organizer.get(f"/outbox/mailbox/{name}/0")
    assert (paper.data, paper.headers["Content-Disposition"][:10]) == (b"%PDF-1", "attachment")
    for odd in ("..%2Fsecret_key", "x.eml", f"{name}/9"):
        assert organizer.get(f"/outbox/mailbox/{odd}").status_code == 404


def test_the_mailbox_shows_nobody_anothers_way_in(app, organizer, arrange):
    """A link to a new password would let its reader in as the administrator (three administrators, DESIGN §4)."""
    from yishang_crm.outbox import jobs

    arrange(lambda: posted(HOUSE, somebody(1), letter(1, purpose="password"), sensitive=True))
    arrange(a_message, 2)
    assert arrange(jobs.run_once)["sent"] == 2
    names = sorted(path.name for path in mailbox_folder(app.config["SETTINGS"]).glob("*.eml"))[-2:]
    assert [organizer.get(f"/outbox/mailbox/{name}").status_code for name in names] == [404, 200]
    page = organizer.get("/outbox/mailbox").text
    assert [name in page for name in names] == [False, True]


def test_with_a_mail_server_there_is_no_mailbox(app, organizer, monkeypatch):
    monkeypatch.setattr(app.config["SETTINGS"], "smtp_url", "smtp://127.0.0.1:25")
    assert organizer.get("/outbox/mailbox").status_code == 404


def test_looking_changes_nothing(app, organizer, arrange, look):
    message = arrange(a_message, hold=True)
    before = [row.model_dump() for row in look()]
    for address in (
        "/outbox",
        f"/outbox/{message.id}",
        f"/outbox/{message.id}/text",
        "/outbox/selection?matching=1",
        "/outbox/mailbox",
    ):
        for _ in range(2):
            organizer.head(address)
            organizer.get(address)
    assert [row.model_dump() for row in look()] == before
