from datetime import UTC, datetime

import pytest

from cartero.platform.mailbox import INDEX, Mailbox, MailGone

NOW = datetime(2026, 11, 24, 15, 4, 5, tzinfo=UTC)
MAIL = (
    b"From: =?utf-8?q?Se=C3=B1ales?= <facturas@valle.example.co>\r\nTo: ana@example.com\r\n"
    b"Subject: =?utf-8?q?Factura_de_a=C3=B1o?=\r\nMessage-ID: <1@valle.example.co>\r\n\r\n.punto\r\n"
)


@pytest.fixture
def box(tmp_path):
    return Mailbox(tmp_path)


def keep(box, *recipients):
    return box.keep("rebotes@valle.example.co", recipients or ("ana@example.com",), MAIL, NOW)


def test_a_mail_is_kept_byte_for_byte_with_its_envelope(box):
    kept = keep(box, "ana@example.com", "luz@example.com")
    (mail,) = box.all()
    assert mail == kept
    assert (mail.sender, mail.recipients) == ("rebotes@valle.example.co", ("ana@example.com", "luz@example.com"))
    assert (mail.subject, mail.message_id) == ("Factura de año", "<1@valle.example.co>")
    assert mail.shown_from == "Señales <facturas@valle.example.co>"
    assert mail.received_at == NOW
    assert box.read(mail) == MAIL
    assert (box.folder / f"{mail.key}.eml").read_bytes() == MAIL  # any mail program opens it


def test_the_newest_comes_first_and_is_found_by_part_of_an_address(box):
    keep(box, "ana@example.com")
    keep(box, "luz@valle.example.co", "Pedro@example.com")
    assert [mail.recipients[0] for mail in box.newest()] == ["luz@valle.example.co", "ana@example.com"]
    assert [mail.recipients[0] for mail in box.newest("PEDRO")] == ["luz@valle.example.co"]
    assert box.newest("nadie") == []


def test_an_empty_folder_is_an_empty_mailbox(box):
    assert box.newest() == []


def test_what_a_killed_process_left_unfinished_spoils_nothing(box):
    """Its line was cut short, so its mail was never promised."""
    first = keep(box)
    with (box.folder / INDEX).open("ab") as index:
        index.write(b'{"key": "2026')
    assert list(box.all()) == [first]
    second = keep(box)
    assert list(box.all()) == [first, second]


@pytest.mark.parametrize("key", ["otro", "../secret-key", ""])
def test_only_what_is_in_the_index_is_there(box, key):
    keep(box)
    with pytest.raises(MailGone):
        box.find(key)


def test_a_mail_whose_file_was_deleted_is_gone(box):
    kept = keep(box)
    (box.folder / f"{kept.key}.eml").unlink()
    with pytest.raises(MailGone):
        box.read(kept)
