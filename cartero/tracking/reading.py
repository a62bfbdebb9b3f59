"""The bytes of a mail in a reading mailbox -> what it says of ours, and the events of DIAN that it carries."""

from dataclasses import dataclass

from cartero.tracking import answers, arf, dsn, parts, plain, senders
from cartero.tracking.feedback import Feedback, Kind
from cartero.tracking.parts import Part, TooMuchError

LARGEST = 10 * 1024**2  # bytes of a mail that are read
LARGEST_FILE = 5 * 1024**2
MOST_FILES = 10

_FILES = (".xml", ".zip")


@dataclass(frozen=True, kw_only=True)
class File:
    """An attachment that may be an event of a buyer's (030 to 034)."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Reading:
    """`set_aside` says which limit it passes: then nothing of it was read."""

    feedback: tuple[Feedback, ...] = ()
    files: tuple[File, ...] = ()
    subject: str = ""
    sender: str = ""
    set_aside: str = ""

    @property
    def is_report(self) -> bool:
        return any(each.kind not in {Kind.REPLIED, Kind.AUTO_REPLIED} for each in self.feedback)


def read(content: bytes) -> Reading:
    """Never raises, whatever the bytes. Of more than LARGEST only the beginning is looked at."""
    try:
        mail = parts.split(content[:LARGEST])
        return _read(mail)
    except (TooMuchError, RecursionError) as error:
        return Reading(set_aside=error.what if isinstance(error, TooMuchError) else "depth")


def _read(mail: Part) -> Reading:
    return Reading(
        feedback=_told(_passed_on(mail) or mail),
        files=tuple(_files(mail)),
        subject=dsn.one_line(mail.get("subject"))[:200],
        sender=senders.of(mail)[:254],
    )


def _told(mail: Part) -> tuple[Feedback, ...]:
    feedback = arf.read(mail)
    if feedback or arf.is_report(mail):
        return feedback
    return dsn.read(mail) or plain.read(mail) or answers.read(mail)


def _passed_on(mail: Part) -> Part | None:
    """The report that a program sends on as it came. What a person passes on is hers to tell."""
    if not senders.are_programs(mail) or dsn.is_report(mail) or arf.is_report(mail):
        return None
    held = (parts.split(parts.content_of(part)) for part in mail.walk() if part.kind == "message/rfc822")
    return next((each for each in held if dsn.is_report(each)), None)


def _files(mail: Part) -> list[File]:
    files: list[File] = []
    for part in mail.walk():
        name = part.file_name
        if name.lower().endswith(_FILES) and len(part.body) <= LARGEST_FILE * 4 // 3 and len(files) < MOST_FILES:
            files.append(File(name=name.replace("\\", "/").rpartition("/")[2], content=parts.content_of(part)))
    return files
