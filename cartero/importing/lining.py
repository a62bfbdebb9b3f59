"""A table that came as a file, as the lines a person would have pasted; read in a process of its own with limits."""

from collections.abc import Iterable
from tempfile import NamedTemporaryFile

from cartero.importing import child
from cartero.importing.parcels import bare_name
from cartero.importing.refusals import Refusal


def lines_of(chunks: Iterable[bytes], file: str, columns: int, most: int) -> list[str] | Refusal:
    """The first `columns` of at most `most` rows of its first sheet; `file` is the name that it came with."""
    name = bare_name(file)
    with NamedTemporaryFile(prefix="cartero-") as kept:
        kept.writelines(chunks)
        kept.flush()
        steps = list(child.run("cartero.importing.readers.lines:read", kept.name, name, columns, most, file=name))
    refused = next((step for step in steps if isinstance(step, Refusal)), None)
    return refused or [step for step in steps if isinstance(step, str)]
