import ast
from pathlib import Path

import pytest

import cartero
from cartero.companies.models import AuditEntry
from cartero.mailings.states import MOVES
from cartero.pages.configuration import sentences


def written():
    """Every verb that `audit.record` is called with anywhere in the package, by literal."""
    for file in Path(cartero.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                yield from (part.value for part in ast.walk(node.args[1]) if isinstance(part, ast.Constant))


def test_every_verb_has_its_sentence():
    known = {verb for _noun, verb in sentences.SENTENCES}
    assert set(written()) - known == set()


@pytest.mark.parametrize("verb", MOVES)
def test_every_move_of_a_sending_has_its_sentence(verb):
    assert "47" in sentences.told(AuditEntry(noun="mailing", verb=verb, facts={"number": 47}), {})


@pytest.mark.parametrize("key", sentences.SENTENCES)
def test_a_line_whose_facts_are_gone_is_still_a_sentence(key):
    noun, verb = key
    assert "%(" not in sentences.told(AuditEntry(noun=noun, verb=verb, facts={}), {})


def test_a_verb_of_a_later_version_is_told_plainly():
    assert sentences.told(AuditEntry(noun="x", verb="y", facts={}), {}) == "Hizo «y» en «x»."
