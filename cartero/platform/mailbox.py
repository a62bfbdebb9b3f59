"""Mails kept as files in one folder, for a server that delivers nowhere: who looks there sees all that was sent.

Each mail is an `.eml` as it came, byte for byte; a line of `index.jsonl`, written when the file is whole, tells of its
envelope. One process writes, any number read.
"""

import json
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path

INDEX = "index.jsonl"


class MailGone(LookupError):
    """No mail of that name is kept."""


@dataclass(frozen=True, kw_only=True)
class KeptMail:
    """A mail's envelope and what a list shows of it. `key` names its file."""

    key: str
    at: str
    sender: str
    recipients: tuple[str, ...]
    shown_from: str
    subject: str
    message_id: str
    size: int

    @property
    def received_at(self) -> datetime:
        return datetime.fromisoformat(self.at)

    def is_to(self, words: str) -> bool:
        """Whether a recipient's address holds `words`, in any case."""
        return any(words.casefold() in recipient.casefold() for recipient in self.recipients)


class Mailbox:
    """The mails in `folder`, which exists."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, sender: str, recipients: Sequence[str], message: bytes, now: datetime) -> KeptMail:
        """Once this returns, the mail is there; if the process dies before, there is none."""
        key = f"{now.astimezone(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}"
        headers = BytesHeaderParser(policy=default).parsebytes(message)
        mail = KeptMail(
            key=key,
            at=now.isoformat(),
            sender=sender,
            recipients=tuple(recipients),
            shown_from=str(headers.get("From", "")),
            subject=str(headers.get("Subject", "")),
            message_id=str(headers.get("Message-ID", "")).strip(),
            size=len(message),
        )
        draft = self.folder / f".{key}"
        draft.write_bytes(message)
        draft.rename(self._file(key))
        with (self.folder / INDEX).open("ab") as index:
            index.write(self._start_of_line() + json.dumps(asdict(mail), ensure_ascii=False).encode() + b"\n")
        return mail

    def all(self) -> Iterator[KeptMail]:
        """Oldest first. A last line that is being written, or was cut short, is no mail."""
        try:
            index = (self.folder / INDEX).open("rb")
        except FileNotFoundError:
            return
        with index:
            for line in index:
                if line.endswith(b"\n") and (mail := _read(line)):
                    yield mail

    def newest(self, words: str = "") -> list[KeptMail]:
        """Newest first; with `words`, those to addresses that hold them."""
        return [mail for mail in self.all() if not words or mail.is_to(words)][::-1]

    def find(self, key: str) -> KeptMail:
        """Raises MailGone."""
        for mail in self.all():
            if mail.key == key:
                return mail
        raise MailGone(key)

    def read(self, mail: KeptMail) -> bytes:
        """The mail as it came. Raises MailGone."""
        try:
            return self._file(mail.key).read_bytes()
        except FileNotFoundError as error:
            raise MailGone(mail.key) from error

    def _file(self, key: str) -> Path:
        return self.folder / f"{key}.eml"

    def _start_of_line(self) -> bytes:
        """What a killed process left unfinished is ended first, so that it spoils no other line."""
        path = self.folder / INDEX
        if not path.exists() or not path.stat().st_size:
            return b""
        with path.open("rb") as index:
            index.seek(-1, os.SEEK_END)
            return b"" if index.read(1) == b"\n" else b"\n"


def _read(line: bytes) -> KeptMail | None:
    try:
        facts = json.loads(line)
    except ValueError:  # one that was cut short, and ended later
        return None
    return KeptMail(**facts | {"recipients": tuple(facts["recipients"])})
