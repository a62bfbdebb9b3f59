import pytest

from cartero.cli.texts import NoText, secret_of, text_of


def test_a_mark_before_and_a_line_end_behind_are_no_part_of_a_password(tmp_path):
    file = tmp_path / "clave"
    file.write_bytes(b"\xef\xbb\xbfsecreta\r\n")
    assert secret_of(file) == "secreta"
    assert secret_of(None) == ""


@pytest.mark.parametrize("content", [None, b"caf\xe9"], ids=["not there", "no UTF-8"])
def test_what_is_no_text_is_named(tmp_path, content):
    file = tmp_path / "mensaje.txt"
    if content:
        file.write_bytes(content)
    with pytest.raises(NoText) as refused:
        text_of(file)
    assert "mensaje.txt" in refused.value.user_text
