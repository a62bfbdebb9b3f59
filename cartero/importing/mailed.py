"""Files that came by mail: of them the events of buyers (030 to 034) are imported, as if somebody had done it."""

from collections.abc import Mapping
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from cartero.companies.models import Company
from cartero.importing import child, intake
from cartero.importing.parcels import ReadEvent
from cartero.importing.readers.events import BUYER_EVENTS, TACIT_ACCEPTANCE


def import_events(company: Company, files: Mapping[str, bytes]) -> int:
    """How many events were among them. What else a stranger attaches is not kept; what is here already stays once."""
    with TemporaryDirectory(prefix="cartero-") as folder:
        paths = _written(Path(folder), files)
        events = [each for each in _read(paths, company) if each.code in {*BUYER_EVENTS, TACIT_ACCEPTANCE}]
        if events:
            found = {f"{position} {each.file.name}": each.file.content for position, each in enumerate(events, 1)}
            intake.import_paths(company, None, _written(Path(folder), found), {})
    return len(events)


def _written(folder: Path, files: Mapping[str, bytes]) -> dict[str, Path]:
    """Under names of ours: what a stranger calls a file is no path."""
    paths: dict[str, Path] = {}
    for (name, content), position in zip(files.items(), count(len(list(folder.iterdir())))):
        paths[name] = folder / str(position)
        paths[name].write_bytes(content)
    return paths


def _read(paths: Mapping[str, Path], company: Company) -> list[ReadEvent]:
    told = {name: str(path) for name, path in paths.items()}
    steps = child.run("cartero.importing.readers.bundle:read_files", told, company.tax_id, file=next(iter(told)))
    return [step for step in steps if isinstance(step, ReadEvent)]
