"""What the replies to MAIL, RCPT and DATA mean together, and what became of a mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from cartero.transport.replies import (
    Broken,
    Doubt,
    Later,
    Pause,
    Reply,
    Stage,
    Stop,
    Verdict,
    judge,
    lets_on,
)


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One recipient refused; `reply` is None where the server was not asked."""

    verdict: Verdict
    reply: Reply | None = None


@dataclass(frozen=True, kw_only=True)
class Transmission:
    """What became of one mail. `refused` may hold some of its recipients although it was sent to the others."""

    verdict: Verdict
    stage: Stage
    reply: Reply | None = None
    refused: Mapping[str, Refusal] = field(default_factory=dict)
    wrote_dot: bool = False
    detail: str = ""

    @property
    def text(self) -> str:
        """The server's own words, cut: its queue id among them is the proof."""
        return self.reply.shown if self.reply else ""

    @property
    def ends_connection(self) -> bool:
        match self.verdict:
            case Doubt() | Later(hang_up=True):
                return True
            case _:
                return self.reply is not None and self.reply.code == 421


@dataclass(kw_only=True)
class Envelope:
    """The replies as they come in, in order; with `broken` there will be no more."""

    recipients: Sequence[str]
    mail: Reply | None = None
    rcpt: list[Reply] = field(default_factory=list)
    data: Reply | None = None
    broken: Broken | None = None

    @property
    def goes_on(self) -> bool:
        """Whether more replies may come: none does after a 421."""
        last = self.rcpt[-1] if self.rcpt else self.mail
        return last is not None and last.code != 421

    @property
    def has_recipients(self) -> bool:
        return any(map(lets_on, self.rcpt))

    @property
    def may_open_data(self) -> bool:
        return self.has_recipients and self._halting is None

    @property
    def data_is_open(self) -> bool:
        return self.data is not None and lets_on(self.data)

    @property
    def is_out_of_step(self) -> bool:
        """Whether DATA is answered as a RCPT is: a reply too many came before, and none of them is whose it seems."""
        return self.data is not None and self.data.code in range(200, 300)

    @property
    def refused(self) -> dict[str, Refusal]:
        pairs = zip(self.recipients, self.rcpt, strict=False)
        return {address: Refusal(verdict=judge(reply), reply=reply) for address, reply in pairs if not lets_on(reply)}

    def refusal(self) -> Transmission | None:
        """Why the body may not go; None when it may."""
        if self.mail is None or not lets_on(self.mail):
            return _ended(self.mail or self.broken)
        if self._halting is not None:
            return _ended(self._halting)
        refused = self.refused
        if self.broken is not None:
            return replace(_ended(self.broken), refused=refused)
        if not self.has_recipients:
            return all_refused(refused)
        if self.data is None or not lets_on(self.data):
            return replace(_ended(self.data), refused=refused)
        return None

    @property
    def _halting(self) -> Reply | None:
        """The reply to a RCPT that concerns the account, or all of the connection: it blames no recipient."""
        for refusal in self.refused.values():
            if isinstance(refusal.verdict, Stop | Pause) or _hangs_up(refusal.verdict):
                return refusal.reply
        return None


def all_refused(refused: Mapping[str, Refusal]) -> Transmission:
    """No recipient is left: the mail goes later when one of them may take it later, else it has failed."""
    # Where nobody was accepted, too many recipients cannot be what kept one out: no haste, or it never ends.
    calmed = {
        address: replace(refusal, verdict=_without_haste(refusal.verdict)) for address, refusal in refused.items()
    }
    refusals = list(calmed.values())
    later = [refusal for refusal in refusals if isinstance(refusal.verdict, Later)]
    chosen = max(later, key=_wait) if later else refusals[0]
    stage = Stage.RCPT if chosen.reply else Stage.MAIL
    return Transmission(verdict=chosen.verdict, stage=stage, reply=chosen.reply, refused=calmed)


def broken_off(broken: Broken) -> Transmission:
    return Transmission(verdict=judge(broken), stage=broken.stage, wrote_dot=broken.wrote_dot)


def _ended(answer: Reply | Broken | None) -> Transmission:
    match answer:
        case Reply():
            return Transmission(verdict=judge(answer), stage=answer.stage, reply=answer)
        case Broken():
            return broken_off(answer)
        case None:
            raise AssertionError("an envelope without replies that nothing broke")


def _hangs_up(verdict: Verdict) -> bool:
    return isinstance(verdict, Later) and verdict.hang_up


def _without_haste(verdict: Verdict) -> Verdict:
    return replace(verdict, at_once=False) if isinstance(verdict, Later) and verdict.at_once else verdict


def _wait(refusal: Refusal) -> float:
    return refusal.verdict.at_least if isinstance(refusal.verdict, Later) else 0
