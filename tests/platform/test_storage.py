import os

import pytest

from cartero.platform import storage


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "files")


def test_the_marker_stays_and_is_another_elsewhere(settings, tmp_path):
    first = storage.marker()
    assert storage.marker() == first
    settings.MEDIA_ROOT = str(tmp_path / "others")
    assert storage.marker() != first


def test_trying_it_out_leaves_nothing(settings):
    storage.try_out()
    assert os.listdir(settings.MEDIA_ROOT) == []


def test_a_place_that_cannot_be_written_is_told(settings, tmp_path):
    (tmp_path / "files").write_text("")
    with pytest.raises(OSError):
        storage.try_out()
