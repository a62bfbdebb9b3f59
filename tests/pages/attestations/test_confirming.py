"""What a constancia's link shows to whoever holds it, and what it does not."""

import pytest
from django.test import Client

from cartero.pages import limiting
from cartero.pages.attestations import confirming

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger():
    return Client()


def test_it_says_that_it_is_real_and_of_nobody(stranger, issued, delivery, people):
    attestation, code = issued
    answer = stranger.get(f"/constancia/{code}/")
    assert answer.status_code == 200
    for shown in ("Esta constancia es auténtica", people.company.name, attestation.pdf_sha256, "l…@example.com"):
        assert shown in answer.text
    assert delivery.proof["sha256"] in answer.text
    assert delivery.attached[0]["sha256"] in answer.text
    for private in ("luz@", "Luz Marina", "FE101", "4XYZ", delivery.message_id.strip("<>"), "Ana Arango"):
        assert private not in answer.text


@pytest.mark.parametrize("huella", ["", " ", "ZZ", "%00", "a" * 200])
def test_a_hash_is_compared(huella, stranger, issued):
    attestation, code = issued
    path = f"/constancia/{code}/"
    spaced = f" {attestation.pdf_sha256[:8].upper()} {attestation.pdf_sha256[8:]}\n"
    assert "Es el mismo archivo" in stranger.get(path, {"huella": spaced}).text
    other = stranger.get(path, {"huella": huella}).text
    assert "Es el mismo archivo" not in other
    assert ("No es el mismo archivo" in other) == bool(huella.strip())


def test_whatever_is_no_code_looks_alike(stranger, issued, delivery):
    attestation, code = issued
    wrong = [code[:-1], f"{code}A", code.swapcase(), str(attestation.pk), attestation.code_sha256]
    wrong += ["%00", "%ED%A0%80", "ñ", "a" * 4_000, str(delivery.pk)]
    seen = {(answer.status_code, answer.content) for answer in (stranger.get(f"/constancia/{each}/") for each in wrong)}
    assert [status for status, _content in seen] == [404]


def test_no_answer_leaves_a_trace_elsewhere(stranger, issued):
    for code in (issued[1], "nada"):
        answer = stranger.get(f"/constancia/{code}/")
        assert not answer.cookies
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert 'name="robots" content="noindex' in answer.text


def test_who_tries_too_much_waits_and_nobody_else(stranger, issued, monkeypatch):
    monkeypatch.setattr(confirming, "MOST", 2)
    monkeypatch.setattr(limiting, "SECONDS", 10**9)  # no minute ends in the middle
    path = f"/constancia/{issued[1]}/"
    answers = [
        stranger.get(place, REMOTE_ADDR="203.0.113.7") for place in ("/constancia/a/", path, "/constancia/b/", path)
    ]
    assert [answer.status_code for answer in answers] == [404, 200, 404, 429]
    assert answers[-1].headers["Retry-After"] == str(10**9)
    assert answers[-1].headers["Referrer-Policy"] == "no-referrer"
    assert not answers[-1].cookies
    assert stranger.get(path, REMOTE_ADDR="203.0.113.8").status_code == 200


def test_a_long_one_is_shown_in_pages(stranger, issued, monkeypatch):
    monkeypatch.setattr(confirming, "SIZE", 1)
    attestation, code = issued
    attestation.deliveries *= 2
    attestation.save(update_fields=["deliveries"])
    path = f"/constancia/{code}/"
    assert "?pagina=2" in stranger.get(path).text
    second = stranger.get(path, {"pagina": "2"}).text
    assert "?pagina=1" in second
    assert "?pagina=3" not in second
    for odd in ("0", "-1", "x", "9" * 40):
        assert "?pagina=2" in stranger.get(path, {"pagina": odd}).text


def test_a_person_who_is_in_sees_the_same(client, people, issued):
    client.force_login(people.carla)
    assert "Esta constancia es auténtica" in client.get(f"/constancia/{issued[1]}/").text
