"""S24: a file that was brought is written once or not at all; closed, it keeps no value that was only for checking."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from yishang_crm.core.errors import NotPossible
from yishang_crm.people.models.brought import BatchState, ImportBatch

AT = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
LAYOUT = [{"sheet": "名册", "columns": [{"column": 1, "field": "name", "samples": ["余秉衡"]}]}]
CHECKED, WRITING, DONE, DISCARDED = (
    BatchState.CHECKED,
    BatchState.WRITING,
    BatchState.DONE,
    BatchState.DISCARDED,
)
# A writing that was broken off may be begun again: its rows say themselves what was written.
LAWFUL = {
    ("begin", CHECKED): WRITING,
    ("begin", WRITING): WRITING,
    ("finish", WRITING): DONE,
    ("discard", CHECKED): DISCARDED,
}
STEPS = {
    "begin": lambda batch: batch.begin_writing(),
    "finish": lambda batch: batch.finish(counts={"create": 3}, at=AT),
    "discard": lambda batch: batch.discard(),
}


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=12))
def test_whatever_is_tried_in_whatever_order(steps):
    batch = ImportBatch(id=1, unit_id=1, file_name="名册.xlsx", layout=LAYOUT)
    state = CHECKED
    for step in steps:
        before = batch.model_dump()
        try:
            STEPS[step](batch)
        except NotPossible:
            assert (step, state) not in LAWFUL
            assert batch.model_dump() == before
        else:
            state = LAWFUL[step, state]
        is_closed = state in (DONE, DISCARDED)
        assert (batch.state, "余秉衡" in str(batch.layout)) == (state, not is_closed)
        assert (batch.written_at, batch.counts) == ((AT, {"create": 3}) if state is DONE else (None, {}))
