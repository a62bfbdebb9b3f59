"""`cartero migrate`: the tables in their newest shape. `cartero run` does it by itself."""

import typer

from cartero.cli import starting

app = typer.Typer()


@app.command()
def migrate() -> None:
    starting.open_database()
    starting.load_django()
    starting.migrate()
