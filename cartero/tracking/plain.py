"""Bounces in words alone -> Feedback: qmail, Exim, sendmail, Exchange and providers before RFC 3464, or without it.

Whoever sends one says in its text which address failed and, mostly, what its server said.
"""

import re
from collections.abc import Iterator

from cartero.tracking import dsn, parts, phrases, senders, weighing
from cartero.tracking.feedback import Feedback, Kind
from cartero.tracking.parts import Part

MOST = 20  # addresses of one bounce
_WINDOW = 600  # characters behind an address in which its server's words are looked for

_FAILED = phrases.meaning("failed")
_DELAYED = phrases.meaning("delayed")
_NOBODY = phrases.meaning("no_mailbox")
_COPY_BEGINS = phrases.beginning("copy")
# Who it is from and to, as a bounce quotes it: also those whom it reached.
_HEAD_LINE = re.compile(r"^[> \t]*(?:to|cc|from|para|de|an|von|à|a)[ \t]*:(?:[^\n]*[,;][ \t]*\n)*[^\n]*$", re.I | re.M)
_TO = re.compile(r"^[> ]{0,4}to[ \t]*:[ \t]*(.{3,300})$", re.I | re.M)
_MADE_OF = re.compile(r">?\s{0,80}\((?:\w+ )?(?:generated|expanded) from:? ([^()]{1,200})\)", re.I)
_MADE_INTO_ANOTHER = re.compile(rf"@[\w.-]{{1,190}}{_MADE_OF.pattern}", re.I)
_REPLY_LINE = re.compile(r"(?:(?<![\d.])[45]\d\d[ \-#].{3,}|(?<![\d.])[45]\.\d{1,3}\.\d{1,3}.{3,})")


def read(mail: Part) -> tuple[Feedback, ...]:
    """What a bounce in words says of each address; empty where the mail is none."""
    texts = parts.texts(mail, 2)
    text = texts[0] if texts else ""
    said = _said(text)
    if not _is_bounce(mail, text, said):
        return ()
    kind = Kind.DELAYED if _is_delay(mail.get("subject"), said) else Kind.BOUNCED
    original = dsn.original_of(mail)
    ids = dsn.message_ids(mail, original, *texts)
    failed = [each for each in _failed(mail, said, original) if f"<{each}>" not in map(str.lower, ids)]
    written = _written_to(original, text[len(said) :]) if len(failed) == 1 else []
    return tuple(
        _feedback(mail, kind, _names(said, address, written), _words(said, address), ids) for address in failed
    ) or (_feedback(mail, kind, (), said, ids),)


def _is_bounce(mail: Part, text: str, said: str) -> bool:
    """From a program that moves mail, saying that one did not arrive. People and out-of-office notes say no such."""
    if mail.get("x-failed-recipients"):
        return True
    if dsn.is_report(mail):
        return True  # whose facts are missing
    subject = mail.get("subject")
    says_so = bool(_FAILED.search(said[:2_000]))
    if senders.are_servers(mail):
        in_subject = _FAILED.search(subject) or _DELAYED.search(subject) or _NOBODY.search(subject)
        sends_it_back = senders.is_mailer_daemon(mail) and dsn.original_of(mail) is not None
        return says_so or sends_it_back or bool(in_subject or _DELAYED.search(text[:2_000]))
    replied = says_so or bool(_REPLY_LINE.search(said))
    return senders.has_nobody_to_return_to(mail) and replied and bool(_FAILED.search(subject))


def _said(text: str) -> str:
    """The server's own words, without the copy of the mail behind them."""
    begins = _COPY_BEGINS.search(text)
    return (text[: begins.start()] if begins and begins.start() > 40 else text)[:64_000]


def _is_delay(subject: str, said: str) -> bool:
    """A warning: it also says that there is nothing to do. What failed for good never says that."""
    lasting = re.search(r"permanent|giving up|gave up|failed after|will not be|no longer|definitiv", said[:3_000], re.I)
    return not lasting and bool(_DELAYED.search(subject) or _DELAYED.search(said[:3_000]))


def _failed(mail: Part, said: str, original: Part | None) -> list[str]:
    """Whom it names; never the one it is sent to. Without any, whom the mail that came back was written to."""
    named = [found for value in mail.all("x-failed-recipients") for found in senders.addresses(value)]
    if named:
        return named[:MOST]
    ours = {*dsn.returned_to(mail), *senders.addresses(mail.get("from"))}
    if original is not None:
        ours |= {
            found
            for name in ("from", "return-path", "sender", "reply-to")
            for found in senders.addresses(original.get(name))
        }
    ours |= _made_into_others(said)
    for text in (_HEAD_LINE.sub("", said), said):
        found = [each for each in senders.addresses(text) if each not in ours and not senders.is_daemon(each)]
        if found:
            return found[:MOST]
    return _written_to(original, "")


def _made_into_others(said: str) -> set[str]:
    """Whom a server has exchanged for whom it names before them: it is of the same failure."""
    return {found for made in _MADE_INTO_ANOTHER.findall(said) for found in senders.addresses(made)}


def _names(said: str, address: str, written: list[str]) -> tuple[str, ...]:
    """As it was written to, where a server says what it made of that, else as the mail itself says."""
    made_of = re.search(rf"{re.escape(address)}{_MADE_OF.pattern}", said, re.I)
    return tuple(dict.fromkeys([*(senders.addresses(made_of[1]) if made_of else []), address, *written]))


def _written_to(original: Part | None, copy: str) -> list[str]:
    """By the mail that came back, as a part or in words; of several it may be any."""
    heads = original.all("to") if original is not None else _TO.findall(copy)
    found = senders.addresses(" ".join(heads[:MOST]))
    return found if len(found) == 1 else []


def _words(said: str, address: str) -> str:
    """What stands behind the address, up to the next paragraph but one; else the first line that looks like a reply."""
    at = said.lower().find(address)
    window = said[at + len(address) : at + len(address) + _WINDOW] if at >= 0 else ""
    window = "\n\n".join(re.split(r"\n[ \t]*\n", window)[:3])
    replied = _REPLY_LINE.search(window) or _REPLY_LINE.search(said)
    return " ".join(_lines(window, said, replied))


def _lines(window: str, said: str, replied: re.Match[str] | None) -> Iterator[str]:
    if replied is not None:
        yield replied[0]
    yield window.strip(" >:\n\t") or said


def _feedback(mail: Part, kind: Kind, addresses: tuple[str, ...], words: str, ids: tuple[str, ...]) -> Feedback:
    words = dsn.one_line(words[: weighing.LONGEST])
    status = weighing.status_in(words)
    weight = weighing.weigh(status, words) if kind == Kind.BOUNCED else None
    return Feedback(
        kind=kind,
        addresses=addresses,
        message_ids=ids,
        marks=dsn.returned_to(mail),
        status=status,
        code=weighing.code_in(words),
        diagnostic=words,
        reason=weight.reason if weight else "",
        is_hard=weight is not None and weight.is_hard,
        teller=senders.of(mail).rpartition("@")[2],
        at=parts.moment(mail.get("date")),
    )
