"""Our SMTP client (RFC 5321): one connection, many mails, and exact knowledge of how far each has come.

Not smtplib: it does not pipeline, and its exceptions do not tell whether the final dot was written.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from cartero.platform import wire
from cartero.transport import offers, relays
from cartero.transport.envelope import Envelope, Refusal, Transmission, all_refused, broken_off
from cartero.transport.line import EndedError, Line
from cartero.transport.offers import Offer
from cartero.transport.opening import NotConnected, ask, open_line
from cartero.transport.replies import Broken, Kind, Later, Reply, Stage, judge, lets_on
from cartero.transport.server import Server

_LEFT_OVER = Later(reason="left_over", at_once=True, hang_up=True)


def connect(server: Server) -> "Connection | NotConnected":
    """A connection that is logged in and ready for mails. Never raises for what a network or a server does."""
    opened = open_line(server)
    return opened if isinstance(opened, NotConnected) else Connection(server, *opened)


class Connection:
    """Used by one thread at a time. `mails` counts those that the server has answered to their end."""

    def __init__(self, server: Server, line: Line, offer: Offer) -> None:
        self.server = server
        self.offer = offer
        self.is_open = True
        self.mails = 0
        self.tls = line.tls
        self._line = line
        self._relay = relays.of(server.host)
        self._left_over = False  # the server may still hold an envelope of ours

    @property
    def max_size(self) -> int | None:
        return self.offer.max_size

    def is_usable(self) -> bool:
        """Whether it is open and the server has not said good-bye meanwhile. Costs one system call."""
        return self.is_open and self._line.is_quiet()

    def transmit(self, envelope_from: str, recipients: Sequence[str], message: bytes) -> Transmission:
        """Hands one mail over: CRLF line ends, not dot-stuffed yet, the addresses' domains in ASCII.

        It is sent when one recipient at least was accepted and the server took the body. Never raises for what a
        network or a server does.
        """
        message = relays.marked(self._relay, message)
        misfit = offers.unfit(self.offer, envelope_from, message)
        if misfit:
            return Transmission(verdict=misfit[0], stage=Stage.MAIL, detail=misfit[1])
        misfits = offers.unfit_recipients(self.offer, recipients)
        refused = {address: Refusal(verdict=verdict) for address, verdict in misfits.items()}
        going = [address for address in recipients if address not in refused]
        if not going:
            return all_refused(refused)
        done = self._transact(envelope_from, going, message)
        return replace(done, refused={**refused, **done.refused}) if refused else done

    def reset(self) -> bool:
        """RSET; whether the connection can go on."""
        try:
            accepted = lets_on(self._ask(b"RSET", Stage.RSET))
        except EndedError:
            accepted = False
        self._left_over = False
        if not accepted:
            self.hang_up()
        return accepted

    def close(self) -> None:
        """QUIT, whose answer changes no outcome."""
        if not self.is_open:
            return
        with suppress(EndedError):
            self._line.write(b"QUIT\r\n", Stage.RSET, self.server.timeouts.quit)
            self._line.reply(Stage.RSET, self.server.timeouts.quit)
        self.hang_up()

    def hang_up(self) -> None:
        """Without a word."""
        self.is_open = False
        self._line.close()

    def _transact(self, envelope_from: str, recipients: Sequence[str], message: bytes) -> Transmission:
        self._line.wrote_dot = False
        if not self.is_open or (self._left_over and not self.reset()):
            return Transmission(verdict=_LEFT_OVER, stage=Stage.RSET)
        options = offers.parameters(self.offer, message, (envelope_from, *recipients))
        try:
            done = self._exchange(f"MAIL FROM:<{envelope_from}>{options}", recipients, message)
        except EndedError as ended:
            self.hang_up()
            return broken_off(ended.broken)
        if done.ends_connection:
            self.hang_up()
        return done

    def _exchange(self, mail: str, recipients: Sequence[str], message: bytes) -> Transmission:
        envelope = Envelope(recipients=recipients)
        self._left_over = True
        if self.offer.pipelining:
            self._pipeline(envelope, mail)
        else:
            self._step_by_step(envelope, mail)
        if envelope.is_out_of_step:
            raise EndedError(Broken(stage=Stage.DATA, kind=Kind.OUT_OF_STEP))
        refusal = envelope.refusal()
        if refusal is None:
            return self._hand_over(message, envelope)
        if envelope.broken or envelope.data_is_open:
            self.hang_up()  # out of an opened DATA there is no other way that sends nothing
        return refusal

    def _pipeline(self, envelope: Envelope, mail: str) -> None:
        """MAIL, every RCPT and DATA in one write, then their replies (RFC 2920)."""
        self._check_step(Stage.MAIL)
        commands = [mail, *(f"RCPT TO:<{address}>" for address in envelope.recipients), "DATA", ""]
        seconds = self.server.timeouts.command
        self._line.write("\r\n".join(commands).encode(), Stage.MAIL, seconds)
        try:
            envelope.mail = self._line.reply(Stage.MAIL, seconds)
            while envelope.goes_on and len(envelope.rcpt) < len(envelope.recipients):
                envelope.rcpt.append(self._line.reply(Stage.RCPT, seconds))
            if envelope.goes_on:
                envelope.data = self._line.reply(Stage.DATA, self.server.timeouts.data)
        except EndedError as ended:
            envelope.broken = ended.broken  # what the server said before counts: some refuse, then hang up

    def _step_by_step(self, envelope: Envelope, mail: str) -> None:
        try:
            envelope.mail = self._ask(mail.encode(), Stage.MAIL)
            if not lets_on(envelope.mail):
                return
            while envelope.goes_on and len(envelope.rcpt) < len(envelope.recipients):
                self._check_step(Stage.RCPT)
                address = envelope.recipients[len(envelope.rcpt)]
                envelope.rcpt.append(self._ask(f"RCPT TO:<{address}>".encode(), Stage.RCPT))
            if envelope.goes_on and envelope.may_open_data:
                envelope.data = self._ask(b"DATA", Stage.DATA)
        except EndedError as ended:
            envelope.broken = ended.broken

    def _hand_over(self, message: bytes, envelope: Envelope) -> Transmission:
        """The body, its dot, and the reply to it."""
        self._check_step(Stage.DATA)
        try:
            self._line.write_mail(_stuffed(message), self.server.timeouts.write)
            reply = self._line.reply(Stage.END, self.server.timeouts.end)
        except EndedError as ended:
            reply = self._last_words(ended)
        if self._line.has_more:
            raise EndedError(Broken(stage=Stage.END, kind=Kind.OUT_OF_STEP, wrote_dot=self._line.wrote_dot))
        self.mails += 1
        self._left_over = False
        verdict, wrote_dot = judge(reply), self._line.wrote_dot
        return Transmission(
            verdict=verdict, stage=reply.stage, reply=reply, refused=envelope.refused, wrote_dot=wrote_dot
        )

    def _last_words(self, ended: EndedError) -> Reply:
        """The refusal of a server that hung up in the middle of the body, where it can still be read."""
        if ended.broken.kind is not Kind.RESET:
            raise ended
        try:
            reply = self._line.reply(ended.broken.stage, 0)
        except EndedError:
            raise ended from None
        if reply.code < 400:
            raise ended
        return reply

    def _ask(self, command: bytes, stage: Stage) -> Reply:
        timeouts = self.server.timeouts
        return ask(self._line, command, stage, timeouts.data if stage is Stage.DATA else timeouts.command)

    def _check_step(self, stage: Stage) -> None:
        if self._line.has_more:
            raise EndedError(Broken(stage=stage, kind=Kind.OUT_OF_STEP))


def _stuffed(message: bytes) -> bytes:
    """With every leading dot doubled and the terminator behind (RFC 5321, 4.5.2)."""
    stuffed = message
    text = wire.unencoded(message)
    if b"\r\n." in text or text.startswith(b"."):
        stuffed = (b"\r\n" + message).replace(b"\r\n.", b"\r\n..").removeprefix(b"\r\n")
    return stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n")
