"""`cartero manage …`: every command that Django and its applications bring."""

import typer
from django.core.management import execute_from_command_line

from cartero.cli import starting

app = typer.Typer()


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def manage(context: typer.Context) -> None:
    starting.open_database()
    starting.load_django()
    execute_from_command_line(["cartero manage", *context.args])
