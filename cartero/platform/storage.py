"""The storage that all machines share, tried out; and a marker in it by which each knows that it sees the same one."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cartero.platform import ids

MARKER = "cartero-marker"


def try_out() -> None:
    """Writes a file and takes it away again. Raises OSError."""
    trial = default_storage.save(f"{MARKER}-{ids.token()}", ContentFile(b"1"))
    default_storage.delete(trial)


def marker() -> str:
    """What lies in the storage, put there by whoever came first. Raises OSError."""
    if not default_storage.exists(MARKER):
        default_storage.save(MARKER, ContentFile(ids.token().encode()))
    with default_storage.open(MARKER) as file:
        content: bytes = file.read()
    return content.decode()
