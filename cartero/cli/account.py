"""`cartero account …`: where a company's mails leave from."""

from pathlib import Path
from typing import Annotated

import typer

from cartero.cli.printing import tell
from cartero.cli.spanish import noop as _
from cartero.cli.spanish import spoken
from cartero.companies import members
from cartero.transport import accounts
from cartero.transport.presets import Security

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None: ...


@app.command("set", help=_("Crea o cambia una cuenta de correo. Aquí el servidor puede ser local o privado."))
def set_account(
    company: Annotated[str, typer.Option(help=_("NIT de la empresa."))],
    name: Annotated[str, typer.Option(help=_("Nombre de la cuenta."))],
    from_address: Annotated[str, typer.Option("--from", help=_("Dirección de la que salen los correos."))],
    host: Annotated[str, typer.Option(help=_("Servidor SMTP."))],
    port: Annotated[int, typer.Option(min=1, max=65535, help=_("Puerto."))],
    security: Annotated[Security, typer.Option(help=_("none, starttls o tls."))],
    user: Annotated[str, typer.Option(help=_("Usuario."))] = "",
    password_file: Annotated[Path | None, typer.Option(help=_("Archivo con la contraseña."))] = None,
    from_name: Annotated[str, typer.Option(help=_("Nombre de quien envía."))] = "",
    reply_to: Annotated[str, typer.Option(help=_("Dirección para respuestas."))] = "",
    per_minute: Annotated[int | None, typer.Option(min=1, help=_("Destinatarios por minuto."))] = None,
    per_hour: Annotated[int | None, typer.Option(min=1, help=_("Destinatarios por hora."))] = None,
    per_day: Annotated[int | None, typer.Option(min=1, help=_("Destinatarios por día."))] = None,
    connections: Annotated[int, typer.Option(min=1, max=100, help=_("Conexiones a la vez."))] = 4,
    as_json: Annotated[bool, typer.Option("--json", help=_("Responde con un objeto JSON."))] = False,
) -> None:
    password = password_file.read_text(encoding="utf-8").strip() if password_file else ""
    wanted = accounts.AccountSettings(
        from_address=from_address,
        host=host,
        port=port,
        security=security.value,
        from_name=from_name,
        reply_to=reply_to,
        username=user,
        per_minute=per_minute,
        per_hour=per_hour,
        per_day=per_day,
        connections=connections,
    )
    account = accounts.set_by_operator(members.company_by_tax_id(company), name, wanted, password)
    facts = {"id": account.pk, "name": account.name, "from": account.from_address, "host": host, "port": port}
    tell(facts, spoken(_("Cuenta %(name)s lista: sale desde %(from)s por %(host)s:%(port)s.")) % facts, as_json=as_json)
