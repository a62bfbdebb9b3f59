"""`cartero statement …`: account statements made from balances, for programs."""

import time
from datetime import datetime
from typing import Annotated

import typer
from django.utils import timezone

from cartero.cli.printing import tell
from cartero.cli.spanish import noop as _
from cartero.cli.spanish import spoken
from cartero.companies import members
from cartero.mailings import statements
from cartero.mailings.errors import UnknownGroup
from cartero.mailings.models import StatementState
from cartero.mailings.statements import Wanted
from cartero.parties.models import Group

app = typer.Typer(no_args_is_help=True)
DAY = "%Y-%m-%d"
POLL = 0.2  # seconds between two looks


@app.callback()
def _group() -> None: ...


@app.command(help=_("Hace un estado de cuenta para cada tercero que debe algo. Después se envían con una copia."))
def make(
    company: Annotated[str, typer.Option(help=_("NIT de la empresa."))],
    until: Annotated[datetime, typer.Option("--date", formats=[DAY], help=_("Fecha de corte, AAAA-MM-DD."))],
    since: Annotated[
        datetime | None,
        typer.Option(formats=[DAY], help=_("Desde qué día se muestran movimientos; si falta, el primero del mes.")),
    ] = None,
    group_name: Annotated[str | None, typer.Option(help=_("Solo los terceros de este grupo o zona."))] = None,
    pay_to: Annotated[str, typer.Option(help=_("Cómo pagar, como debe leerse en el estado de cuenta."))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=_("Responde con un objeto JSON."))] = False,
) -> None:
    owner = members.company_by_tax_id(company)
    group = Group.objects.of(owner).filter(name__iexact=group_name).first() if group_name else None
    if group_name and group is None:
        raise UnknownGroup(name=group_name)
    wanted = Wanted(
        until=until.date(),
        since=(since or until.replace(day=1)).date(),
        group=group.pk if group else None,
        pay_to=pay_to,
    )
    run = statements.begin(owner, wanted, by=None, now=timezone.now())
    while run.finished_at is None:
        if not statements.make_some(run.pk):
            time.sleep(POLL)  # workers may be at the last of it
        run.refresh_from_db(fields=["finished_at"])
    progress = statements.progress(run)
    facts = {
        "id": run.pk,
        "statements": progress[StatementState.MADE],
        "failed": progress[StatementState.FAILED],
        "left_out": progress[StatementState.LEFT_OUT],
        "reasons": statements.reasons(run),
        "amounts": statements.amounts(run),
        "prefix": run.prefix,
        "first": run.first,
        "last": run.last,
    }
    line = spoken(
        _("Estados de cuenta hechos: %(statements)s. No se pudieron hacer: %(failed)s. Por fuera: %(left_out)s.")
    )
    tell(facts, line % facts, as_json=as_json)
    if progress[StatementState.FAILED]:
        raise typer.Exit(1)
