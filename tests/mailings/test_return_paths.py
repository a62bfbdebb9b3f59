import pytest

from cartero.mailings import lifecycle, return_paths
from tests.factories import make_invoice, make_party

PATTERN = "rebotes+*@valle.example.co"
BIG = 2**63 - 1


@pytest.mark.parametrize("delivery", [1, 35, 36, 123_456_789, BIG])
def test_an_address_of_its_own_names_its_delivery(delivery):
    address = return_paths.of(PATTERN, delivery)
    local, at, domain = address.partition("@")
    assert (at, domain) == ("@", "valle.example.co")
    assert len(local) <= 64
    assert return_paths.read(address) == delivery
    assert return_paths.read(address.upper()) == delivery  # servers are free to change its case


FOREIGN = ["", "rebotes@valle.example.co", "rebotes+1-aaaaaaaa@valle.example.co", "1" * 5_000, "x-aaaaaaaa " * 900]


@pytest.mark.parametrize("text", FOREIGN)
def test_nobody_else_makes_one(text):
    assert return_paths.read(text) is None


def test_the_mark_of_another_delivery_is_not_moved():
    assert return_paths.read(return_paths.token(7).replace("7-", "8-", 1)) is None


def test_without_a_place_for_it_all_share_one():
    assert return_paths.of("rebotes@valle.example.co", 7) == "rebotes@valle.example.co"
    assert return_paths.of("", 7) == ""


@pytest.mark.django_db(transaction=True)
def test_mails_leave_with_it(company, account, ana, register, send_all, smtp_server):
    account.return_address = PATTERN
    account.save(update_fields=["return_address"])
    for n in range(2):
        make_invoice(make_party(company, f"tercero{n}@example.com"))
    mailing = register()
    lifecycle.start(mailing, by=ana)
    send_all(mailing)
    gone = {return_paths.read(delivery.proof["from"]) for delivery in mailing.deliveries.all()}
    assert gone == set(mailing.deliveries.values_list("pk", flat=True))
    assert {return_paths.read(mail.sender) for mail in smtp_server.mails} == gone
    assert all(b"From: " in mail and b"facturacion@valle.example.co" in mail for mail in smtp_server.messages)
