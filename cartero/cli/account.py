"""`cartero account …`: where a company's mails leave from."""

import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cartero.cli.printing import tell
from cartero.cli.spanish import noop as _
from cartero.cli.spanish import spoken
from cartero.cli.texts import secret_of
from cartero.companies import members
from cartero.mailings import doubts
from cartero.platform.errors import CarteroError
from cartero.tracking import mailbox
from cartero.transport import accounts, consent, reading_mailbox_editing, sent_folder_editing, tokens
from cartero.transport.authorities import AUTHORITIES
from cartero.transport.consent import Client
from cartero.transport.granting import Denied, Device, Tokens, Waiting
from cartero.transport.presets import Security
from cartero.transport.replies import Pause
from cartero.transport.ways import BY_CONSENT, Way

SLOWER = 5.0  # seconds more between two questions, each time we are told to slow down (RFC 8628, 3.5)

app = typer.Typer(no_args_is_help=True)

Nit = Annotated[str, typer.Option(help=_("NIT de la empresa."))]
AccountName = Annotated[str, typer.Option(help=_("Nombre de la cuenta."))]
ImapHost = Annotated[str, typer.Option(help=_("Servidor IMAP; aquí puede ser local o privado."))]
Port = Annotated[int, typer.Option(min=1, max=65535, help=_("Puerto."))]
Protection = Annotated[Security, typer.Option(help=_("none, starttls o tls."))]
ImapUser = Annotated[str, typer.Option(help=_("Usuario; vacío, el de la cuenta."))]
PasswordFile = Annotated[Path | None, typer.Option(help=_("Archivo con la contraseña."))]
AsJson = Annotated[bool, typer.Option("--json", help=_("Responde con un objeto JSON."))]


class Provider(StrEnum):
    """Every way but a password."""

    GOOGLE = "google"
    MICROSOFT = "microsoft"
    SES = "ses"
    POSTMARK = "postmark"
    BREVO = "brevo"
    MAILGUN = "mailgun"
    SENDGRID = "sendgrid"


class NotByConsent(CarteroError):
    """An account that logs in with a password, or by a key, has nothing to be connected."""

    text = _("La cuenta «%(name)s» no entra con permiso de Google o Microsoft. Créela con --provider.")


class NothingToRead(CarteroError):
    """Nobody has said in which mailbox comes what the account's mails send back."""

    text = _("La cuenta «%(name)s» no tiene buzón de lectura. Dígalo con: cartero account reading")


class NobodyAnswered(CarteroError):
    """The device code ended before anybody wrote it on the authority's page."""

    text = _("El código venció sin que nadie lo escribiera. Ejecute la orden otra vez.")


@app.callback()
def _group() -> None: ...


@app.command("set", help=_("Crea o cambia una cuenta de correo. Aquí el servidor puede ser local o privado."))
def set_account(
    company: Nit,
    name: AccountName,
    from_address: Annotated[str, typer.Option("--from", help=_("Dirección de la que salen los correos."))],
    host: Annotated[str, typer.Option(help=_("Servidor SMTP."))] = "",
    port: Annotated[int | None, typer.Option(min=1, max=65535, help=_("Puerto."))] = None,
    security: Annotated[Security | None, typer.Option(help=_("none, starttls o tls."))] = None,
    provider: Annotated[
        Provider | None,
        typer.Option(
            help=_("Con permiso de google o microsoft, o por la API de ses, postmark, brevo, mailgun, sendgrid.")
        ),
    ] = None,
    region: Annotated[str, typer.Option(help=_("Región del proveedor: us-east-1 en SES; us o eu en Mailgun."))] = "",
    user: Annotated[str, typer.Option(help=_("Usuario; en SES el Access key ID, en Mailgun el dominio."))] = "",
    password_file: PasswordFile = None,
    api_key_file: Annotated[Path | None, typer.Option(help=_("Archivo con la clave de la API."))] = None,
    from_name: Annotated[str, typer.Option(help=_("Nombre de quien envía."))] = "",
    reply_to: Annotated[str, typer.Option(help=_("Dirección para respuestas."))] = "",
    return_address: Annotated[
        str, typer.Option(help=_("Dirección a la que vuelve lo no entregado; * es la marca de cada correo."))
    ] = "",
    per_minute: Annotated[int | None, typer.Option(min=1, help=_("Destinatarios por minuto."))] = None,
    per_hour: Annotated[int | None, typer.Option(min=1, help=_("Destinatarios por hora."))] = None,
    per_day: Annotated[int | None, typer.Option(min=1, help=_("Destinatarios por día."))] = None,
    connections: Annotated[int, typer.Option(min=1, max=100, help=_("Conexiones a la vez."))] = 4,
    as_json: AsJson = False,
) -> None:
    secret = secret_of(api_key_file or password_file)
    wanted = accounts.AccountSettings(
        from_address=from_address,
        way=provider.value if provider else Way.PASSWORD,
        host=host,
        port=port,
        security=security.value if security else "",
        region=region,
        from_name=from_name,
        reply_to=reply_to,
        username=user,
        return_address=return_address,
        per_minute=per_minute,
        per_hour=per_hour,
        per_day=per_day,
        connections=connections,
    )
    account = accounts.set_by_operator(members.company_by_tax_id(company), name, wanted, secret)
    facts = {"id": account.pk, "name": account.name, "from": account.from_address}
    facts |= {"host": account.host, "port": account.port}
    tell(facts, spoken(_("Cuenta %(name)s lista: sale desde %(from)s por %(host)s:%(port)s.")) % facts, as_json=as_json)


@app.command("sent-folder", help=_("Dice en qué buzón IMAP se buscan los correos en duda, y lo prueba."))
def set_sent_folder(
    company: Nit,
    name: AccountName,
    host: ImapHost,
    port: Port = 993,
    security: Protection = Security.TLS,
    user: ImapUser = "",
    password_file: PasswordFile = None,
    folder: Annotated[str, typer.Option(help=_("Carpeta; vacía, la que el servidor usa para lo enviado."))] = "",
    keeps_all: Annotated[bool, typer.Option("--keeps-all", help=_("Guarda allí todo lo que sale."))] = False,
    as_json: AsJson = False,
) -> None:
    account = accounts.by_name(members.company_by_tax_id(company), name)
    sent = sent_folder_editing.of(account)
    fields = {"host": host, "port": port, "security": security.value, "username": user}
    password = secret_of(password_file)
    sent_folder_editing.save(sent, fields | {"name": folder, "keeps_all": keeps_all}, password, by=None)
    looked = sent_folder_editing.probe(sent)
    doubts.look_again(account)
    sent.refresh_from_db()
    facts = {"account": account.pk, "host": host, "port": port, "folder": looked.folder, "trouble": sent.trouble}
    tell(facts, str(sent.happened) or spoken(_("Se puede leer la carpeta «%(folder)s».")) % facts, as_json=as_json)
    if looked.trouble:
        raise typer.Exit(1)


@app.command("reading", help=_("Dice en qué buzón IMAP se lee lo que vuelve de los correos de la cuenta, y lo prueba."))
def set_reading(
    company: Nit,
    name: AccountName,
    host: ImapHost,
    port: Port = 993,
    security: Protection = Security.TLS,
    user: ImapUser = "",
    password_file: PasswordFile = None,
    folder: Annotated[str, typer.Option(help=_("Carpeta que se lee."))] = "INBOX",
    moved_to: Annotated[
        str, typer.Option(help=_("Carpeta a la que se mueven los avisos leídos; vacía, no se mueven."))
    ] = "",
    as_json: AsJson = False,
) -> None:
    account = accounts.by_name(members.company_by_tax_id(company), name)
    box = reading_mailbox_editing.of(account)
    fields = {"host": host, "port": port, "security": security.value, "username": user}
    password = secret_of(password_file)
    reading_mailbox_editing.save(box, fields | {"folder": folder, "moved_to": moved_to}, password, by=None)
    trouble = mailbox.probe(box)
    box.refresh_from_db()
    facts = {"account": account.pk, "host": host, "port": port, "folder": folder, "moved_to": moved_to}
    said = str(box.happened) or spoken(_("Se puede leer la carpeta «%(folder)s».")) % facts
    tell(facts | {"trouble": box.trouble}, said, as_json=as_json)
    if trouble:
        raise typer.Exit(1)


@app.command(help=_("Lee ahora lo que volvió a la cuenta, hasta el final, y dice cuánto fue de cada cosa."))
def read(
    company: Nit,
    name: AccountName,
    as_json: AsJson = False,
) -> None:
    account = accounts.by_name(members.company_by_tax_id(company), name)
    box = reading_mailbox_editing.of(account)
    if box.pk is None:
        raise NothingToRead(name=account.name)
    tally = mailbox.read_all(box)
    box.refresh_from_db()
    facts = {"account": account.pk, **tally.counts, "waits": tally.waits, "trouble": box.trouble}
    said = "\n".join(f"{what}: {count}" for what, count in facts.items() if what != "trouble")
    tell(facts, "\n".join(filter(None, (str(box.happened), said))), as_json=as_json)
    if tally.trouble:
        raise typer.Exit(1)


@app.command(
    "connect", help=_("Conecta una cuenta con Google o Microsoft, con un código que se escribe en otro equipo.")
)
def connect(
    company: Nit,
    name: AccountName,
    as_json: AsJson = False,
) -> None:
    account = accounts.by_name(members.company_by_tax_id(company), name)
    if account.way not in BY_CONSENT:
        raise NotByConsent(name=account.name)
    client = consent.client_of(account.way)
    device = consent.begun(consent.begin_device(client))
    asks = spoken(_("Abra %(page)s en cualquier equipo, entre como %(mailbox)s y escriba el código %(code)s"))
    typer.echo(asks % {"page": device.page, "mailbox": account.username, "code": device.user_code}, err=True)
    tokens.keep(account, _wait(client, device), None)
    facts = {"id": account.pk, "name": account.name, "authority": AUTHORITIES[Way(account.way)].name}
    tell(facts, spoken(_("Cuenta %(name)s conectada con %(authority)s.")) % facts, as_json=as_json)


def _wait(client: Client, device: Device) -> Tokens:
    """Until she has answered. Raises NotGiven, NobodyAnswered."""
    until, interval = time.monotonic() + device.seconds, device.interval
    while time.monotonic() + interval < until:
        time.sleep(interval)
        match consent.ask_device(client, device):
            case Tokens() as tokens_:
                return tokens_
            case Waiting(slower=slower):
                interval += SLOWER if slower else 0
            case Denied(verdict=Pause()):  # away for a moment: her answer waits there
                interval += SLOWER
            case Denied() as denied:
                return consent.given(denied)
    raise NobodyAnswered()
