"""`cartero import …`: files and folders of documents, terceros and balances."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from cartero.cli.printing import tell
from cartero.cli.spanish import noop as _
from cartero.cli.spanish import spoken
from cartero.companies import members
from cartero.importing import collecting, headings, intake
from cartero.importing.headings import Field
from cartero.importing.models import ImportLine, ImportStatus, Outcome
from cartero.importing.readers import sources
from cartero.invoices import kinds
from cartero.invoices.states import InvoiceKind
from cartero.platform.errors import CarteroError

FACTS = (
    "kind",
    "number",
    "issue_date",
    "due_date",
    "supplier",
    "customer_id",
    "customer_name",
    "customer_emails",
    "currency",
    "payable_amount",
    "uuid",
)

app = typer.Typer()


class Separator(StrEnum):
    """What parts the decimals of a sheet's numbers."""

    COMMA = ","
    POINT = "."


class NoSuchPath(CarteroError):
    """A file or folder to be imported is not there."""

    text = _("No existe el archivo o la carpeta «%(path)s».")


def _of_party(typed: str) -> InvoiceKind:
    """A kind whose PDFs find their tercero by their names. Raises ValueError, which Typer tells."""
    kind = InvoiceKind(typed)
    if kind not in kinds.BY_PARTY:
        raise ValueError(typed)
    return kind


@app.command()
def import_files(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help=_("Archivos o carpetas."))],
    company: Annotated[str, typer.Option(help=_("NIT de la empresa."))],
    decimal: Annotated[
        Separator | None, typer.Option(help=_("Separador decimal de las hojas de cálculo: «,» o «.»."))
    ] = None,
    pdf_kind: Annotated[
        InvoiceKind | None,
        typer.Option(
            parser=_of_party,
            metavar="|".join(kinds.BY_PARTY),
            help=_("Qué son los PDF sueltos: por el NIT o el número en su nombre se sabe de quién es cada uno."),
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("Responde con un objeto JSON."))] = False,
) -> None:
    owner = members.company_by_tax_id(company)
    told = {"decimal": decimal.value if decimal else None, collecting.PDF_KIND: pdf_kind.value if pdf_kind else None}
    options = {name: value for name, value in told.items() if value}
    source = intake.import_paths(owner, None, dict(_files(paths)), options)
    lines = [_line(line) for line in ImportLine.objects.of(owner).filter(source=source).order_by("position").iterator()]
    lines += [_waiting(source.question)] if source.question else []
    counts = {outcome.value: sum(line["outcome"] == outcome for line in lines) for outcome in Outcome}
    remarks = [{"file": said["file"], "message": _message([said])} for said in source.remarks]
    facts = {"id": source.pk, "status": source.status, "question": source.question, "counts": counts}
    tell(facts | {"remarks": remarks, "lines": lines}, "\n".join(_told(remarks, lines)), as_json=as_json)
    if source.status != ImportStatus.FINISHED:
        typer.echo("\n".join(line["message"] for line in lines), err=True)
        raise typer.Exit(1)


def _files(paths: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """Raises NoSuchPath."""
    for path in paths:
        if not path.exists():
            raise NoSuchPath(path=path)
        if path.is_dir():
            yield from ((f"{path}/{name}", file) for name, file in sources.folder(path).paths.items())
        else:
            yield str(path), path


def _line(line: ImportLine) -> dict[str, Any]:
    facts = {name: line.facts.get(name) for name in FACTS}
    said = [message for message in line.messages if message["level"] == "warning"] or line.messages
    return (
        {"file": line.file, "outcome": line.outcome}
        | facts
        | {
            "kind": facts["kind"] or line.kind or None,
            "number": facts["number"] or line.number,
            "row": line.where,
            "message": _message(said),
        }
    )


def _waiting(question: dict[str, Any]) -> dict[str, Any]:
    """The line of a sheet of which nothing is read until its question is answered."""
    facts = {"file": question["file"], "outcome": Outcome.REFUSE.value} | dict.fromkeys(FACTS)
    return facts | {"row": question.get("where", ""), "message": _asked(question)}


def _message(said: Iterable[dict[str, str]]) -> str:
    return " ".join(f"{each['where']}: {_sentence(each['what'])} {each['mend']}".strip() for each in said)


def _sentence(words: str) -> str:
    """Why something was left out is no sentence by itself."""
    return words if words.endswith((".", "?", "!")) else f"{words}."


def _asked(question: dict[str, Any]) -> str:
    """Why nothing was imported yet, and what to do about it."""
    if question.get("asks") == "decimal":
        text = _(
            "%(file)s, %(where)s: «%(value)s» se puede leer de dos maneras."
            " Repita la orden con --decimal , o con --decimal . según cuál separe los decimales."
        )
        return spoken(text) % question
    fields = [*question["missing"], *question["doubtful"]]
    text = _(
        "%(file)s: no se reconocieron las columnas (falta: %(fields)s)."
        " Impórtelo en la página Importar, que pregunta por ellas."
    )
    return spoken(text) % {"file": question["file"], "fields": headings.shown(Field(name) for name in fields)}


def _told(remarks: list[dict[str, str]], lines: list[dict[str, Any]]) -> Iterator[str]:
    for remark in remarks:
        yield f"{remark['file']}: {remark['message']}"
    for line in lines:
        if line["message"]:
            yield f"{line['file']}: {Outcome(line['outcome']).label}. {line['message']}"
    for outcome in Outcome:
        many = sum(line["outcome"] == outcome for line in lines)
        if many:
            yield f"{outcome.label}: {many}"
