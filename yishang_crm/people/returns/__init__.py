"""The yearly return: a round's worklist as a workbook, corrected in Excel, brought back by a hidden signed id."""


def open_returns() -> None:
    """Leave what exports and imports look for: the sheet's own paper, and whom an id means."""
    from yishang_crm.people.exports.papers import add_paper
    from yishang_crm.people.returned import when_returned
    from yishang_crm.people.returns import paper, queries

    add_paper("round", paper.write_return)
    when_returned(queries.meant)
