"""What mails are made with: programs, templates and fonts, by version or hash, their account and links."""

import json
import platform
import zlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

import cartero.platform
from cartero import composing, documents, invoices, mailings
from cartero.documents import typst
from cartero.mailings import making
from cartero.mailings.models import Mailing, Recipe
from cartero.platform import ids
from cartero.transport.models import MailAccount

# Of the libraries whose version may show in the bytes of a mail or a PDF.
LIBRARIES = ("typst", "mrml", "nh3", "zxing-cpp", "font-lato", "isal")


def of(mailing: Mailing) -> Recipe:
    """That of the mails which this process makes now, for its account as it is now. One query, where it is known."""
    facts = {
        "made_with": made_with(),
        "sender": making.sender_of(mailing.account),
        "server": _server(mailing.account),
        "links": making.links_of(mailing.company),
    }
    digest = ids.sha256(json.dumps(facts, sort_keys=True).encode())
    known = {"company_id": mailing.company_id, "facts": facts}
    return Recipe.objects.get_or_create(mailing=mailing, digest=digest, defaults=known)[0]


def made_with() -> dict[str, str]:
    """Name and version, or the first digits of a SHA-256, of everything that bytes depend on."""
    return {
        **_versions(),
        "code": _code(),
        "template": _hash_of([typst.TEMPLATE]),
        "frames": _hash_of((Path(composing.__path__[0]) / "frames").iterdir()),
        "fonts": _fonts(),
    }


def _server(account: MailAccount) -> str:
    return f"{account.host}:{account.port}" if account.host else account.way


@cache
def _versions() -> dict[str, str]:
    """Of what this process runs; an upgrade is another process."""
    return {
        "cartero": version("cartero-facturas"),
        "python": platform.python_version(),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        **{name: version(name) for name in LIBRARIES},
    }


@cache
def _code() -> str:
    """Of all that loads, draws and composes: two builds of one version need not be the same."""
    folders = [Path(part.__path__[0]) for part in (composing, documents, invoices, mailings, cartero.platform)]
    return _hash_of(file for folder in folders for file in folder.glob("**/*") if file.suffix in {".py", ".sql"})


@cache
def _fonts() -> str:
    return _hash_of(file for file in typst.LATO.rglob("*") if file.is_file())


def _hash_of(files: Iterable[Path]) -> str:
    named = sorted((file.name, ids.sha256(file.read_bytes())) for file in files if file.is_file())
    return ids.sha256(json.dumps(named).encode())[:16]
