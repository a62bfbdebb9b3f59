"""What `cartero doctor` sees when it holds what each worker has seen against what it sees itself."""

from collections.abc import Callable

from django.conf import settings
from django.db.models.functions import Now

from cartero.cli import proving
from cartero.cli.findings import Finding, found
from cartero.cli.spanish import noop as _
from cartero.platform import database, fingerprints, queue, storage
from cartero.platform.models import WorkerProof

SKEW = 5  # seconds between two clocks


def all_of_workers() -> list[Finding]:
    proofs = list(WorkerProof.objects.filter(seen_at__gt=Now() - proving.FRESH).order_by("worker"))
    checks: list[Callable[[list[WorkerProof]], Finding]] = [_pooler, _storage, _keys, _secret, _clocks, _releases]
    return [_alive(), *(check(proofs) for check in checks)]


def _alive() -> Finding:
    alive = queue.workers()
    return found(
        "workers",
        _("Trabajadores encendidos: %(alive)d"),
        _("No hay ningún trabajador encendido, así que nada sale: ejecute «cartero run» o «cartero worker»."),
        ok=alive > 0,
        facts={"alive": alive},
    )


def _pooler(proofs: list[WorkerProof]) -> Finding:
    pooled = [proof.worker for proof in proofs if proof.is_pooled]
    if database.mixes_sessions(settings.DATABASE_URL):
        pooled.insert(0, "cartero doctor")
    return found(
        "pooler",
        _("Los trabajadores hablan directamente con la base de datos"),
        _(
            "La conexión de %(names)s pasa por un PgBouncer en modo transacción, que pierde los avisos con que los "
            "trabajos empiezan y los candados con que se migra: deje PgBouncer en DATABASE_URL para las páginas y "
            "ponga la dirección directa de PostgreSQL en CARTERO_DIRECT_DATABASE_URL."
        ),
        ok=not pooled,
        facts={"names": ", ".join(pooled)},
    )


def _storage(proofs: list[WorkerProof]) -> Finding:
    mine = storage.marker()
    apart = [f"{proof.worker}: {proof.files}" for proof in proofs if proof.marker != mine]
    return found(
        "shared_storage",
        _("Todos los trabajadores ven los mismos archivos"),
        _(
            "Hay trabajadores que no ven los archivos que ve esta máquina (%(names)s), así que lo que se importa en "
            "una no se puede enviar desde otra: CARTERO_FILES debe ser la misma carpeta compartida, o el mismo bucket, "
            "en todas."
        ),
        ok=not apart,
        facts={"names": ", ".join(apart)},
    )


def _keys(proofs: list[WorkerProof]) -> Finding:
    """Each opens what the other seals."""
    mine = fingerprints.of_keys()
    apart = [proof.worker for proof in proofs if mine[0] not in proof.keys or proof.keys[0] not in mine]
    return found(
        "shared_keys",
        _("Todos los trabajadores tienen las mismas llaves de cifrado"),
        _(
            "Hay trabajadores con otras llaves de cifrado (%(names)s), que no pueden leer las contraseñas de las "
            "cuentas de correo: copie el archivo encryption-keys a todas las máquinas y reinicie sus trabajadores."
        ),
        ok=not apart,
        facts={"names": ", ".join(apart)},
    )


def _secret(proofs: list[WorkerProof]) -> Finding:
    apart = [proof.worker for proof in proofs if proof.secret != fingerprints.of_secret()]
    return found(
        "shared_secret",
        _("Todos los trabajadores tienen la misma llave secreta"),
        _(
            "Hay trabajadores con otra llave secreta (%(names)s), así que unas máquinas no reconocen las sesiones ni "
            "las invitaciones que dieron otras: copie el archivo secret-key a todas y reinicie sus páginas y "
            "trabajadores."
        ),
        ok=not apart,
        facts={"names": ", ".join(apart)},
    )


def _clocks(proofs: list[WorkerProof]) -> Finding:
    wrong = {proof.worker: proof.skew for proof in proofs} | {"cartero doctor": proving.skew()}
    worst = max(wrong, key=lambda name: abs(wrong[name]))
    return found(
        "clock",
        _("Los relojes coinciden con el de la base de datos"),
        _(
            "El reloj de %(name)s difiere %(skew).0f segundos del de la base de datos, así que las horas que se "
            "muestran y las que llevan los correos no son ciertas: active NTP en esa máquina."
        ),
        ok=abs(wrong[worst]) <= SKEW,
        facts={"name": worst, "skew": abs(wrong[worst])},
    )


def _releases(proofs: list[WorkerProof]) -> Finding:
    behind = [proof.worker for proof in proofs if proof.behind]
    return found(
        "releases",
        _("Ningún trabajador es más viejo que las tablas"),
        _(
            "Hay trabajadores de una versión anterior a la de las tablas (%(names)s), que podrían escribir lo que la "
            "nueva no entiende: instale la misma versión de Cartero en sus máquinas y reinícielos."
        ),
        ok=not behind,
        facts={"names": ", ".join(behind)},
    )
