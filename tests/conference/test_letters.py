"""Letters: what blocks them, their numbers, the mail, the paper that is attached when it leaves."""

import io

import pytest
from pypdf import PdfReader

from tests.cast import Cast
from tests.conference.arranged import a_guest, a_person, an_edition, an_invited
from yishang_crm.accounts import actions as accounts
from yishang_crm.accounts import queries as units
from yishang_crm.conference import actions, letters, post, queries, tokens, wording
from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.errors import NotPossible
from yishang_crm.outbox import registry
from yishang_crm.outbox.models import State
from yishang_crm.people import actions as people
from yishang_crm.people import salutation
from yishang_crm.people.models import PersonState

pytestmark = pytest.mark.usefixtures("indoors")


@pytest.fixture
def edition(cast: Cast):
    return an_edition(cast.organizer, register_note="前一日全天报到，安庆西站设专人接站。")


def approved(cast: Cast, edition, **details):
    name = details.pop("name", None)
    guest = a_guest(cast.tongcheng, edition, a_person(cast.tongcheng, name, **details))
    actions.approve(cast.organizer, guest)
    return guest


BLOCKED = {
    "the gender is unknown": ({"gender": None}, "性别"),
    "the title is missing": ({"organization": "", "title": ""}, "职务"),
    "no font has a character of the name": ({"name": "王\ue823"}, "字库里没有"),
    "the traditional name is not known": ({"name": "余秉衡", "residence": "香港"}, "繁体姓名"),
}


@pytest.mark.parametrize("why", BLOCKED)
def test_no_letter_is_made_while(cast: Cast, edition, why):
    details, sentence = BLOCKED[why]
    guest = approved(cast, edition, **details)
    with pytest.raises(NotPossible, match=sentence):
        actions.make_letter(cast.organizer, guest)
    ((one, reason),) = actions.cannot_print(cast.organizer, edition, [guest])
    assert sentence in str(reason)
    assert (one.guest.letter_number, edition.last_letter_number) == (None, 0)


def test_of_a_selection_the_printable_are_numbered_in_order_and_the_rest_named(cast: Cast, edition):
    guests = [approved(cast, edition), approved(cast, edition, gender=None), approved(cast, edition)]
    made, refused = actions.make_letters(cast.organizer, edition, guests)
    assert [one.guest.letter_number for one in made] == [1, 2]
    assert [one.guest.id for one, _why in refused] == [guests[1].id]
    assert edition.letter_date is not None


def test_a_number_is_said_the_official_way(edition):
    edition.letter_year = 2026
    assert wording.letter_number(edition, 417) == "宜商邀〔2026〕417号"
    assert wording.letter_number(edition, 417, "zh_Hant") == "宜商邀〔2026〕417號"
    assert wording.letter_number(edition, 417, "en") == "No. 417 (2026)"


@pytest.mark.parametrize(
    ("details", "language"),
    [
        ({}, "zh_Hans"),
        ({"name": "程澄", "residence": "香港"}, "zh_Hant"),
        ({"name": "余秉衡", "traditional_name": "余秉衡", "residence": "深圳"}, "zh_Hant"),
        ({"name": "Michael Wang", "romanized_name": "Michael Wang", "residence": "华盛顿"}, "en"),
    ],
)
def test_each_guest_is_written_to_in_their_language(cast: Cast, details, language):
    assert salutation.language_of(a_person(cast.tongcheng, details.pop("name", None), **details)) == language


def one_of(cast: Cast, edition, **details):
    guest = approved(cast, edition, **details)
    actions.make_letter(cast.organizer, guest)
    return queries.invitation(cast.organizer, guest)


def test_the_mail_has_a_plain_and_a_rich_part_with_the_same_words_and_no_token(cast: Cast, edition):
    one = one_of(cast, edition, name="汪砚舟")
    mail = letters.mail(one)
    assert mail.subject == "第五届中国宜商大会邀请函"
    for said in (
        "尊敬的汪砚舟先生：",
        "安庆市会议中心",
        "安庆西站设专人接站",
        "[[reply_url]]",
        "[[reply_host]]",
        "[[reply_code]]",
        "会务组：0556-0000000",
    ):
        assert said in mail.body_text
        assert said in mail.body_html
    assert "&" not in mail.body_text
    assert (mail.key, mail.attachments) == (f"invitation:guest:{one.guest.id}", ("invitation-letter",))
    assert tokens.token(one.guest) not in mail.body_text + mail.body_html


def test_a_mail_in_english_and_one_in_traditional_script(cast: Cast, edition):
    english = letters.mail(one_of(cast, edition, name="Michael Wang", residence="华盛顿"))
    assert english.subject == "Invitation to the Fifth China Yishang Conference"
    assert english.body_text.startswith("Dear Mr. Michael Wang,\n")
    assert not [character for character in english.body_text if "\u4e00" <= character <= "\u9fff"]
    traditional = letters.mail(one_of(cast, edition, name="程澄", residence="台湾"))
    assert traditional.subject == "第五屆中國宜商大會邀請函"
    assert "誠邀您撥冗蒞臨" in traditional.body_text


def test_an_edition_speaks_its_own_paragraphs_and_a_name_is_never_taken_for_a_placeholder(
    cast: Cast, edition
):
    actions.edit_edition(
        cast.organizer, edition, texts={"zh_Hans": ["请到{venue}来，{nobody}不换。", "此致\n敬礼"]}
    )
    one = one_of(cast, edition, name="汪{venue}")
    paper = letters.paper(one)
    assert paper.salutation == "尊敬的汪{venue}先生："
    assert (list(paper.paragraphs), paper.closing) == (["请到安庆市会议中心来，{nobody}不换。"], "此致\n敬礼")
    inert = letters.mail(one_of(cast, edition, name="汪[[reply_url]]"))
    assert inert.body_text.count("[[reply_url]]") == 1


def test_the_liaison_of_the_owning_unit_is_whom_the_guest_calls(cast: Cast, edition):
    unit = units.unit_by_code("340881")
    accounts.edit_unit(
        HOUSE, unit, version=unit.version, name=unit.name, short_name=unit.short_name,
        display_order=unit.display_order, confirmed=True, liaison_name="汪澄", liaison_phone="199-0000-0556",
    )  # fmt: skip
    paper = letters.paper(one_of(cast, edition))
    assert paper.liaison == "联络员：汪澄（桐城市投资促进中心）　199-0000-0556"


def test_letters_are_posted_held_under_their_unit_and_never_twice(cast: Cast, edition):
    guest, mute = an_invited(cast.tongcheng, edition), approved(cast, edition, email="")
    actions.make_letter(cast.organizer, mute)
    (message,), refused = actions.post_letters(cast.organizer, edition, [guest, mute])
    assert (message.state, message.unit_id, message.key) == (
        State.HELD, cast.tongcheng.unit_id, f"invitation:guest:{guest.id}",
    )  # fmt: skip
    assert "没有可用的邮箱" in str(refused[0][1])
    again, why = actions.post_letters(cast.organizer, edition, [guest])
    assert again == []
    assert "只写一封" in str(why[0][1])


def test_whoever_was_invited_anew_after_a_withdrawal_may_be_written_to_again(cast: Cast, edition):
    person = a_person(cast.tongcheng)
    guest = an_invited(cast.tongcheng, edition, person)
    (first,), _ = actions.post_letters(cast.organizer, edition, [guest])
    first.state = State.HELD
    actions.withdraw(cast.organizer, guest, note="先不请")
    an_invited(cast.tongcheng, edition, person)
    (second,), refused = actions.post_letters(cast.organizer, edition, [guest])
    assert (second.key, refused) == (f"invitation:guest:{guest.id}:2", [])


@action(Permission.OUTBOX_DELIVER)
def opened(actor, guest_id: int):
    """What the outbox does when a message leaves."""
    fill = registry.filler_of(f"guest:{guest_id}")
    make = registry.maker_of("invitation-letter")
    return fill(guest_id), make(guest_id)


def test_when_it_leaves_the_letter_bears_link_and_code_and_the_paper_is_attached(cast: Cast, edition):
    one = one_of(cast, edition, name="汪砚舟")
    values, make = opened(HOUSE, one.guest.id)
    assert values["reply_url"].endswith(f"/r/{tokens.token(one.guest)}")
    assert values["reply_host"] == "127.0.0.1:5000/r"
    assert values["reply_code"].replace(" ", "") == tokens.reply_code(one.guest)
    paper = make()
    assert (paper.name, paper.content_type) == ("邀请函1号.pdf", "application/pdf")
    printed = PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert "尊敬的汪砚舟先生" in printed
    assert values["reply_code"] in printed


def test_what_was_withdrawn_or_may_not_be_reached_does_not_leave(cast: Cast, edition):
    withdrawn, dead = one_of(cast, edition), one_of(cast, edition)
    actions.withdraw(cast.organizer, withdrawn.guest, note="重复")
    people.edit_person(cast.tongcheng, dead.person, version=dead.person.version, state=PersonState.DECEASED)
    for one in (withdrawn, dead):
        with pytest.raises(NotPossible):
            opened(HOUSE, one.guest.id)


def test_the_checks_under_a_letter_say_what_is_odd(cast: Cast, edition):
    one = one_of(cast, edition)
    assert [check.kind for check in post._checks(cast.organizer, one.guest.id)] == ["done"]
    people.forbid_contact(cast.tongcheng, one.person, reason="本人要求")
    assert [check.kind for check in post._checks(cast.organizer, one.guest.id)] == ["done", "late"]
    assert list(post._checks(cast.huaining, one.guest.id)) == []


def test_opening_a_letter_or_link_is_recorded(cast: Cast, edition):
    guest = an_invited(cast.tongcheng, edition)
    actions.open_letter(cast.tongcheng, guest)
    actions.open_link(cast.tongcheng, guest)
    with pytest.raises(NotPossible, match="还没有制"):
        actions.open_link(cast.tongcheng, approved(cast, edition))


def test_the_text_for_wechat_calls_the_guest_as_one_speaks(cast: Cast, edition):
    one = one_of(cast, edition, name="欧阳望岳")
    assert letters.chat_text(one).startswith("欧阳董您好！第五届中国宜商大会定于")
