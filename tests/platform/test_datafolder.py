import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cartero.platform import datafolder

IS_ROOT = os.geteuid() == 0


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "a new one"
    monkeypatch.setenv("CARTERO_HOME", str(folder))
    return folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folder_named_is_made(home: Path) -> None:
    assert datafolder.home() == home
    assert mode(home) == (0o711 if IS_ROOT else 0o700)


def test_an_empty_folder_that_we_are_given_is_ours(home: Path) -> None:
    home.mkdir(mode=0o755)
    datafolder.home()
    assert mode(home) == (0o711 if IS_ROOT else 0o700)


def test_a_folder_with_content_is_left_as_it_is(home: Path) -> None:
    home.mkdir()
    home.chmod(0o750)
    (home / "something").touch()
    datafolder.home()
    assert mode(home) == 0o750


def test_what_lies_in_it_is_ours_alone(home: Path) -> None:
    assert mode(datafolder.folder("files")) == 0o700


@pytest.mark.skipif(not IS_ROOT, reason="as root it is the system's folder, else the user's")
def test_root_has_the_systems_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CARTERO_HOME")
    assert datafolder.home() == datafolder.SYSTEM_FOLDER


def test_a_secret_is_made_once(home: Path) -> None:
    first = datafolder.secret("secret-key")
    assert datafolder.secret("secret-key") == first
    assert mode(home / "secret-key") == 0o600
    assert datafolder.secret("encryption-keys") != first


def test_many_processes_make_one_secret(home: Path) -> None:
    command = [sys.executable, "-c", "from cartero.platform import datafolder; print(datafolder.secret('key'))"]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({process.communicate()[0] for process in started}) == 1
    assert [path.name for path in home.iterdir()] == ["key"]  # no drafts left


def test_an_empty_key_is_refused_and_never_made_anew(home: Path) -> None:
    datafolder.home()
    (home / "encryption-keys").touch()
    with pytest.raises(datafolder.SecretEmpty):
        datafolder.secret("encryption-keys")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("CARTERO_HOME", str(tmp_path / "file/inside"))
    with pytest.raises(datafolder.FolderUnusable) as refused:
        datafolder.home()
    assert str(tmp_path / "file/inside") in refused.value.user_text
