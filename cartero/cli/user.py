"""`cartero user …`: the people who work in a company."""

import secrets
from pathlib import Path
from typing import Annotated

import typer
from django.db import transaction

from cartero.cli.printing import tell
from cartero.cli.spanish import noop as _
from cartero.cli.spanish import spoken
from cartero.cli.texts import secret_of
from cartero.companies import members, second_factor
from cartero.companies.roles import Role

ROLES = {
    "administra": Role.ADMIN,
    "envía": Role.SENDER,
    "envia": Role.SENDER,
    "prepara": Role.PREPARER,
    "consulta": Role.READER,
} | {role.value: role for role in Role}

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None: ...


@app.command(help=_("Crea un usuario de una empresa, o cambia su rol. Muestra una sola vez la contraseña que le puso."))
def create(
    company: Annotated[str, typer.Option(help=_("NIT de la empresa."))],
    email: Annotated[str, typer.Option(help=_("Correo con que entra."))],
    role: Annotated[str, typer.Option(help=_("administra, envía, prepara o consulta."))],
    name: Annotated[str, typer.Option(help=_("Nombre de la persona."))] = "",
    password_file: Annotated[Path | None, typer.Option(help=_("Archivo con la contraseña."))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("Responde con un objeto JSON."))] = False,
) -> None:
    if role.lower() not in ROLES:
        raise typer.BadParameter(role, param_hint="--role")
    made = None if password_file else secrets.token_urlsafe(12)
    password = made or secret_of(password_file)
    with transaction.atomic():
        member = members.add_member(members.company_by_tax_id(company), email, ROLES[role.lower()], None, name=name)
        is_new = not member.user.has_usable_password()
        if is_new:
            members.set_password(member.user, password)
    facts = {"id": member.user.pk, "email": member.user.email, "role": member.role}
    facts["password"] = made if is_new else None
    line = spoken(_("Usuario %(email)s listo."))
    if facts["password"]:
        line = spoken(_("Usuario %(email)s listo. Contraseña, que no se vuelve a mostrar: %(password)s"))
    tell(facts, line % facts, as_json=as_json)


@app.command(
    "sign-out",
    help=_("Cierra todas las sesiones de una persona: tendrá que entrar de nuevo."),
)
def sign_out(
    company: Annotated[str, typer.Option(help=_("NIT de la empresa."))],
    email: Annotated[str, typer.Option(help=_("Correo con que entra."))],
    drop_second_factor: Annotated[
        bool, typer.Option("--drop-second-factor", help=_("Le quita además el segundo factor."))
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("Responde con un objeto JSON."))] = False,
) -> None:
    member = members.member_by_email(members.company_by_tax_id(company), email)
    (second_factor.reset if drop_second_factor else members.end_sessions)(member, by=None)
    facts = {"id": member.user.pk, "email": member.user.email}
    tell(facts, spoken(_("%(email)s tendrá que entrar de nuevo.")) % facts, as_json=as_json)
