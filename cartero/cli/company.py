"""`cartero company …`: the companies that bill through this Cartero."""

from typing import Annotated

import typer

from cartero.cli.printing import tell
from cartero.cli.spanish import noop as _
from cartero.cli.spanish import spoken
from cartero.companies import members
from cartero.mailings import messages

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None: ...


@app.command(help=_("Crea una empresa."))
def create(
    nit: Annotated[str, typer.Option(help=_("NIT, con o sin dígito de verificación."))],
    name: Annotated[str, typer.Option(help=_("Razón social."))],
    as_json: Annotated[bool, typer.Option("--json", help=_("Responde con un objeto JSON."))] = False,
) -> None:
    company = members.create_company(nit, name)
    messages.first_templates(company)
    facts = {"id": company.pk, "nit": company.tax_id, "check_digit": company.check_digit, "name": company.name}
    line = spoken(_("Empresa creada: %(name)s, NIT %(nit)s-%(check_digit)s."))
    tell(facts, line % facts, as_json=as_json)
