import pytest

from cartero.cli.demonstration.answers import Answers
from cartero.cli.demonstration.cast import IS_FULL, IS_SLOW, REFUSES, WAITS


@pytest.mark.parametrize(
    ("domain", "codes"),
    [
        ("correo.example.com", ["250", "250"]),
        (REFUSES, ["550", "550"]),
        (REFUSES.upper(), ["550", "550"]),  # a domain has no case
        (IS_FULL, ["552", "552"]),
        (WAITS, ["451", "250"]),  # it asks to come back, once
        (IS_SLOW, ["250", "250"]),
    ],
)
def test_mailboxes_answer_as_their_domain_says(domain, codes):
    answers = Answers(strict=True)
    assert [answers.to(f"ana@{domain}")[:3] for _ in codes] == codes


def test_only_a_slow_one_takes_its_time():
    answers = Answers(strict=True)
    assert answers.seconds(["ana@example.com", f"luz@{IS_SLOW}"]) > 0
    assert answers.seconds(["ana@example.com"]) == 0


@pytest.mark.parametrize("domain", [REFUSES, IS_FULL, WAITS])
def test_or_all_take_everything(domain):
    assert Answers(strict=False).to(f"ana@{domain}").startswith("250")
    assert Answers(strict=False).seconds([f"ana@{IS_SLOW}"]) == 0
