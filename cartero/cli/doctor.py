"""`cartero doctor`: looks at everything that Cartero stands on, a line each, and says how to mend what is wrong."""

from importlib import import_module
from typing import Annotated

import typer
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cartero.cli import findings, starting
from cartero.cli.findings import Finding, found
from cartero.cli.printing import tell
from cartero.cli.spanish import noop as _
from cartero.platform.errors import CarteroError

app = typer.Typer()


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help=_("Responde con un objeto JSON por revisión."))] = False,
) -> None:
    seen = look()
    for finding in seen:
        facts = {"check": finding.check, "ok": finding.ok, "grave": finding.is_grave, "text": finding.text}
        mark = "✓" if finding.ok else "✗" if finding.is_grave else "!"
        tell(facts, f"{mark} {finding.text}", as_json=as_json)
    if any(finding.is_grave and not finding.ok for finding in seen):
        raise typer.Exit(1)


def look() -> list[Finding]:
    """Each finding explains those after it: without settings there is no database, without a database no rest."""
    machine = findings.all_of_machine()
    try:
        unreachable = _tried()
        starting.load_django()
    except (ImproperlyConfigured, CarteroError) as error:
        return [*machine, _misconfigured(error)]
    if unreachable:
        away = Finding(check="database", ok=False, text=unreachable.user_text)
        return [*machine, away, *findings.all_of_settings()]
    checks: list[Finding] = import_module("cartero.cli.checks").all_of_database()  # its models want Django first
    return [*machine, *checks, *findings.all_of_settings()]


def _tried() -> CarteroError | None:
    """Why the database cannot be had."""
    try:
        starting.open_database()
    except CarteroError as error:
        return error
    return None


def _misconfigured(error: Exception) -> Finding:
    if not settings.configured:  # the words are asked of the settings that could not be read
        settings.configure(USE_I18N=False)
    reason = error.user_text if isinstance(error, CarteroError) else str(error)
    bad = _("Hay un valor equivocado en la configuración, y con él Cartero no enciende. %(reason)s")
    return found("settings", bad, bad, ok=False, facts={"reason": reason})
