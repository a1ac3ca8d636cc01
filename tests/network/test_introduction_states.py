"""S24: an introduction is answered once, by acceptance or by a reason, whatever is tried in whatever order."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from yishang_crm.core.errors import NotPossible
from yishang_crm.network.models import Introduction, IntroductionState

AT = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
ANSWERS = st.one_of(
    st.tuples(st.just("accept"), st.sampled_from(["汪澄", "查静"])),
    st.tuples(
        st.sampled_from(["refuse: 已经联系过", "refuse:   ", "refuse:"]), st.sampled_from(["汪澄", "查静"])
    ),
)


def an_introduction() -> Introduction:
    return Introduction(
        id=1, partner_id=1, unit_id=1, client_id="x", name="章大枫", what="轴承厂", proposed_at=AT
    )


@given(st.lists(ANSWERS, max_size=8))
def test_the_first_answer_stands_and_every_other_is_refused(answers):
    introduction, first = an_introduction(), None
    for number, (said, by) in enumerate(answers):
        before, at = introduction.model_dump(), AT + dt.timedelta(hours=number)
        reason = said.partition(":")[2].strip()
        is_lawful = first is None and (said == "accept" or bool(reason))
        try:
            if said == "accept":
                introduction.accept(person_id=9, at=at, by=by)
            else:
                introduction.refuse(reason=said.partition(":")[2], at=at, by=by)
        except NotPossible:
            assert not is_lawful
            assert introduction.model_dump() == before
        else:
            assert is_lawful
            first = (said, by, at, reason)
        assert introduction.is_waiting == (first is None)
        assert introduction.is_late(AT + dt.timedelta(days=2)) == (first is None)
    if first:
        said, by, at, reason = first
        accepted = said == "accept"
        state = IntroductionState.ACCEPTED if accepted else IntroductionState.REFUSED
        found = (
            introduction.state,
            introduction.decided_by,
            introduction.decided_at,
            introduction.reason,
            introduction.person_id,
        )
        assert found == (state, by, at, reason, 9 if accepted else None)
