"""`cartero doctor`: looks at everything that Cartero stands on, a line each, and says how to mend what is wrong."""

from importlib import import_module
from typing import Annotated

import typer

from cartero.cli import starting
from cartero.cli.findings import Finding, folder_is_ours, python_is_new, there_is_room
from cartero.cli.printing import tell
from cartero.cli.spanish import noop as _
from cartero.platform.errors import CarteroError

app = typer.Typer()


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help=_("Responde con un objeto JSON por revisión."))] = False,
) -> None:
    findings = [python_is_new(), folder_is_ours(), there_is_room(), *_of_database()]
    for finding in findings:
        facts = {"check": finding.check, "ok": finding.ok, "text": finding.text}
        tell(facts, f"{'✓' if finding.ok else '✗'} {finding.text}", as_json=as_json)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def _of_database() -> list[Finding]:
    """One finding when it cannot be reached, else all that it tells."""
    try:
        starting.open_database()
        starting.load_django()
        found: list[Finding] = import_module("cartero.cli.checks").all_of_database()  # its models want Django first
    except CarteroError as error:
        starting.load_django()  # for the words
        return [Finding(check="database", ok=False, text=error.user_text)]
    return found
