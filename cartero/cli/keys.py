"""`cartero keys …`: the keys with which passwords of mail accounts are sealed."""

from typing import Annotated

import typer
from django.db.models.functions import Now

from cartero.cli import proving, sealed
from cartero.cli.printing import tell
from cartero.cli.spanish import noop as _
from cartero.cli.spanish import spoken
from cartero.platform import datafolder, fingerprints
from cartero.platform.errors import CarteroError
from cartero.platform.models import WorkerProof

app = typer.Typer(no_args_is_help=True)


class KeyLost(CarteroError):
    """Some secrets open with none of the keys, so that no key may be taken away."""

    text = _(
        "No se cambió nada, porque hay secretos que no se abren con ninguna llave (%(names)s). Recupere la llave que "
        "falta, o escriba esas contraseñas de nuevo, y repita la orden."
    )


class KeyUnknown(CarteroError):
    """A worker that is alive could not open what is sealed with the newest key."""

    text = _(
        "No se cambió nada, porque hay trabajadores que todavía no conocen la llave nueva (%(names)s). Copie el "
        "archivo encryption-keys a sus máquinas, reinícielos y repita la orden."
    )


@app.callback()
def _group() -> None: ...


@app.command(help=_("Muestra una llave nueva. Escríbala como primera línea del archivo encryption-keys."))
def create() -> None:
    typer.echo(datafolder.key())


@app.command(help=_("Cifra todo de nuevo con la primera llave; después las demás se pueden quitar."))
def rotate(
    as_json: Annotated[bool, typer.Option("--json", help=_("Responde con un objeto JSON."))] = False,
) -> None:
    _require_known()
    lost = sealed.locked()
    if lost:
        raise KeyLost(names=", ".join(map(str, lost)))
    rotated = sum(each.rotate() for each in sealed.every())  # a row each: as many as accounts and people
    facts = {"rotated": rotated, "key": fingerprints.of_keys()[0]}
    line = spoken(_("Cifrado con la llave nueva: %(rotated)d. Ya puede quitar las demás llaves de encryption-keys."))
    tell(facts, line % facts, as_json=as_json)


def _require_known() -> None:
    newest = fingerprints.of_keys()[0]
    proofs = WorkerProof.objects.filter(seen_at__gt=Now() - proving.FRESH).order_by("worker")
    ignorant = [proof.worker for proof in proofs if newest not in proof.keys]
    if ignorant:
        raise KeyUnknown(names=", ".join(ignorant))
