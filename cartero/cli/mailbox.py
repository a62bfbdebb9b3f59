"""`cartero mailbox`: an SMTP server on this machine that keeps every mail and passes none on."""

import asyncio
import logging
import signal
from datetime import UTC, datetime
from typing import Annotated

import typer
from aiosmtpd.smtp import SMTP, Envelope, Session

from cartero.cli.demonstration.answers import Answers
from cartero.cli.spanish import noop as _
from cartero.platform import datafolder
from cartero.platform.mailbox import Mailbox

HOST = "127.0.0.1"
LARGEST = 50_000_000  # bytes
FOLDER = "mailbox"

app = typer.Typer()


@app.command()
def mailbox(
    port: Annotated[int, typer.Option(help=_("Puerto en que recibe."), min=1, max=65535)],
    takes_all: Annotated[
        bool, typer.Option("--takes-all", help=_("Todos los buzones reciben; ninguno falla ni pide esperar."))
    ] = False,
) -> None:
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd tells of every connection that breaks
    asyncio.run(_serve(port, Answers(strict=not takes_all)))


async def _serve(port: int, answers: Answers) -> None:
    """Until SIGTERM or SIGINT; a mail that is coming in by then is not answered, so it comes again."""
    keeper = _Keeper(Mailbox(datafolder.folder(FOLDER)), answers)
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    server = await loop.create_server(lambda: _session(keeper), HOST, port)
    async with server:
        await ended.wait()


def _session(keeper: "_Keeper") -> SMTP:
    return SMTP(keeper, hostname="buzon.example.co", ident="Cartero", enable_SMTPUTF8=True, data_size_limit=LARGEST)


class _Keeper:
    """What aiosmtpd asks at each step of a conversation."""

    def __init__(self, box: Mailbox, answers: Answers) -> None:
        self.box = box
        self.answers = answers

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = self.answers.to(address)
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # the same
        recipients = [str(recipient) for recipient in envelope.rcpt_tos]
        await asyncio.sleep(self.answers.seconds(recipients))
        content = envelope.original_content or b""
        kept = self.box.keep(envelope.mail_from or "", recipients, content, datetime.now(UTC))
        return f"250 2.0.0 OK: queued as {kept.key}"
