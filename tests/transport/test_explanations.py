import re
from pathlib import Path

import pytest
from django.utils import translation

from cartero import transport
from cartero.transport import granting, history
from cartero.transport.explanations import EXPLANATIONS

FOLDER = Path(transport.__file__).parent
REASONS = sorted(
    {
        reason
        for name in ("replies", "history", "pacing", "offers", "smtp", "granting", "consent", "tokens", "api_answers")
        for reason in re.findall(r'reason(?:: str)?\s*=\s*"(\w+)"', (FOLDER / f"{name}.py").read_text())
    }
    | set(granting.REASONS.values())
    | {history.ALL_REFUSED, history.CONTENT_KEEPS_FAILING}
)


def test_every_reason_is_explained_and_no_other() -> None:
    assert set(EXPLANATIONS) == set(REASONS)


@pytest.mark.parametrize("reason", REASONS)
def test_an_explanation_is_three_plain_sentences(reason: str) -> None:
    explanation = EXPLANATIONS[reason]
    with translation.override("es-co"):
        for words in (explanation.happened, explanation.cartero_does, explanation.you_can):
            text = str(words)
            assert text[0].isupper()
            assert text.endswith(".")
            assert not re.search(r"[!¡]|\b(error|SMTP permanente|usted puede|tú|tu)\b", text), text


HOLDING = sorted(
    {
        reason
        for file in FOLDER.glob("*.py")
        for reason in re.findall(r'(?:Pause|Stop)\(reason="(\w+)"', file.read_text(encoding="utf-8"))
    }
)


@pytest.mark.parametrize("reason", HOLDING)
def test_what_holds_a_mailing_says_what_she_can_do(reason: str) -> None:
    """A pause may end in a stop, and a stop waits for her."""
    with translation.override("es-co"):
        assert str(EXPLANATIONS[reason].you_can) != "No tiene que hacer nada."
