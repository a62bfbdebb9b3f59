"""What a reader says of what it read: why a file or row was left out, and what to look at in one that came in."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """A warning makes the outcome *importado con avisos*; a note is only told to who opens the line."""

    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something to look at in a document that was read all the same, or how a `file` was read."""

    where: str
    text: str
    level: Level = Level.WARNING
    file: str = ""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why a file (or a row of it) was left out: `where` in it, `what` is wrong, how to `mend` it, all for the screen.

    `file` is its path as it came (`mes.zip/FE10.zip/FE10.xml`); `number` the document's, where it could be read.
    """

    file: str
    where: str
    what: str
    mend: str
    number: str = ""


class Remarks(list[Remark]):
    """Gathers the remarks on one document while it is read."""

    def warn(self, where: str, text: str) -> None:
        self.append(Remark(where=where, text=text))

    def note(self, where: str, text: str) -> None:
        self.append(Remark(where=where, text=text, level=Level.NOTE))


class UnreadableError(Exception):
    """Carries the words of a refusal up to the reader that makes it a value; it never leaves `readers`."""

    def __init__(self, where: str, what: str, mend: str) -> None:
        super().__init__(where, what, mend)
        self.where = where
        self.what = what
        self.mend = mend
        self.number = ""

    def as_refusal(self, file: str) -> Refusal:
        return Refusal(file=file, where=self.where, what=self.what, mend=self.mend, number=self.number)
