"""Reading people from the files staff keep: workbooks, text tables, address books. No database here."""

from yishang_crm.people.importing.choices import Choices, SheetChoice
from yishang_crm.people.importing.problems import Problem, UnreadableFile
from yishang_crm.people.importing.read import read_file
from yishang_crm.people.importing.reading import KINDS, Line, PersonRow, Reading, SheetReading
from yishang_crm.people.importing.told import Told

__all__ = [
    "KINDS",
    "Choices",
    "Line",
    "PersonRow",
    "Problem",
    "Reading",
    "SheetChoice",
    "SheetReading",
    "Told",
    "UnreadableFile",
    "read_file",
]
