"""What every kind of storage keeps, and what each says when it cannot."""

import os
from pathlib import Path

import pytest
from django.core.cache import cache

from cartero.platform import storage
from cartero.platform.storage import StorageAway, StorageGone

pytestmark = pytest.mark.django_db  # the marker is noted there


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.FILES = str(tmp_path / "files")


def test_what_was_put_is_there_until_it_is_dropped(tmp_path):
    place = storage.here()
    place.put("1/ab/abc", b"one")
    place.put_all([("1/ab/abc", b"one"), ("1/cd/cde", b"two")])
    (tmp_path / "upload").write_bytes(b"three")
    place.take_in("incoming/x/0", tmp_path / "upload")
    assert [place.get(name) for name in ("1/ab/abc", "1/cd/cde")] == [b"one", b"two"]
    with place.lent(["incoming/x/0"]) as (path,):
        assert path.read_bytes() == b"three"
    place.drop("1/ab/abc")
    place.drop("1/ab/abc")
    place.drop_folder("incoming/x")
    for name in ("1/ab/abc", "incoming/x/0", "1/ef/never"):
        with pytest.raises(FileNotFoundError):
            place.get(name)


def test_half_a_file_is_made_whole(settings):
    """As a full disk left it, before files came into their place by a rename."""
    place = storage.here()
    place.put("1/ab/abc", b"whole")
    Path(settings.FILES, "1/ab/abc").write_bytes(b"wh")
    place.put("1/ab/abc", b"whole")
    assert place.get("1/ab/abc") == b"whole"
    assert os.listdir(Path(settings.FILES, "1/ab")) == ["abc"]


def test_the_marker_stays_and_is_another_elsewhere(settings, tmp_path):
    first = storage.marker()
    assert storage.marker() == first
    settings.FILES = str(tmp_path / "others")
    assert storage.marker() != first


def test_trying_it_out_leaves_nothing(settings):
    storage.try_out()
    assert os.listdir(settings.FILES) == []


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "files").write_text("")
    with pytest.raises(StorageAway):
        storage.try_out()


def test_an_empty_mount_point_has_lost_nothing(settings):
    storage.here().put("1/ab/abc", b"one")
    os.rename(settings.FILES, f"{settings.FILES}-elsewhere")
    os.mkdir(settings.FILES)
    with pytest.raises(StorageGone):
        storage.here().get("1/ab/abc")


def test_nothing_new_is_put_where_a_disk_is_not_mounted(settings):
    """It would vanish when the disk is."""
    cache.delete(storage.MARKER)
    storage.remember()
    os.rename(settings.FILES, f"{settings.FILES}-elsewhere")
    os.mkdir(settings.FILES)
    with pytest.raises(StorageGone):
        storage.here().put("1/ab/abc", b"one")
    assert os.listdir(settings.FILES) == []
