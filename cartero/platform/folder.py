"""Files in a folder: of this machine alone, or mounted by all that share them."""

import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from cartero.platform import ids, storage
from cartero.platform.storage import StorageAway, StorageFull, StorageGone, StorageRefuses, StorageSilent

_KINDS: dict[int | None, type[StorageAway]] = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), StorageFull),
    **dict.fromkeys((errno.ENOENT, errno.ENOTDIR), StorageGone),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), StorageRefuses),
}


class Folder:
    """A file comes into its place by one rename, so nobody ever reads half of it."""

    def __init__(self, root: str) -> None:
        self.root = root

    def put(self, name: str, content: bytes) -> None:
        path = f"{self.root}/{name}"
        with _telling(path):
            if _size(path) == len(content):
                return
            try:
                _write(path, content)
            except FileNotFoundError:
                self._make_folders(name)
                _write(path, content)

    def put_all(self, files: Iterable[tuple[str, bytes]]) -> None:
        for name, content in files:
            self.put(name, content)

    def take_in(self, name: str, path: Path) -> None:
        end = f"{self.root}/{name}"
        with _telling(end):
            self._make_folders(name)
            shutil.move(path, end)

    def get(self, name: str) -> bytes:
        """Raises FileNotFoundError only where files of its kind lie: an empty mount point has lost nothing."""
        path = f"{self.root}/{name}"
        try:
            with open(path, "rb", buffering=0) as file:  # whole and without a look before: a mail reads two
                return file.read()
        except FileNotFoundError:
            self._check_there(name)
            raise
        except OSError as error:
            raise _away(error, path) from error

    @contextmanager
    def lent(self, names: Sequence[str]) -> Iterator[list[Path]]:
        paths = [Path(self.root, name) for name in names]
        for name in names:
            self._check_there(name)
        yield paths

    def drop(self, name: str) -> None:
        path = f"{self.root}/{name}"
        with _telling(path), suppress(FileNotFoundError):
            os.unlink(path)

    def drop_folder(self, name: str) -> None:
        shutil.rmtree(f"{self.root}/{name}", ignore_errors=True)

    def _check_there(self, name: str) -> None:
        first, deeper, _rest = name.partition("/")
        if deeper and not os.path.isdir(f"{self.root}/{first}"):
            raise StorageGone(path=f"{self.root}/{first}", reason=os.strerror(errno.ENOENT))

    def _make_folders(self, name: str) -> None:
        """The first of its kind may not be made where a disk is not mounted: it would vanish under the mounted one."""
        first, deeper, _rest = name.partition("/")
        if deeper and not os.path.isdir(f"{self.root}/{first}"):
            storage.check_same()
        os.makedirs(os.path.dirname(f"{self.root}/{name}"), exist_ok=True)


def _write(path: str, content: bytes) -> None:
    draft = f"{path}.{ids.token()}"
    try:
        with open(draft, "xb") as file:
            file.write(content)
        os.replace(draft, path)
    except OSError:
        with suppress(OSError):
            os.unlink(draft)
        raise


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return -1


@contextmanager
def _telling(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _away(error, path) from error


def _away(error: OSError, path: str) -> StorageAway:
    return _KINDS.get(error.errno, StorageSilent)(path=path, reason=error.strerror)
