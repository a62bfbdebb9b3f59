import ast

import pytest

from cartero.invoices import kinds
from cartero.invoices.states import InvoiceKind
from tests.source import PACKAGE, Source


def test_every_kind_has_its_row():
    assert set(kinds.KINDS) == set(InvoiceKind)


@pytest.mark.parametrize("kind", InvoiceKind)
def test_what_is_drawn_or_asked_for_says_what_it_is(kind):
    row = kinds.of(kind)
    assert bool(row.title) == bool(row.grand)
    assert row.title or not row.words  # what comes in a sheet has no PDF, so it is drawn


def test_each_kind_either_asks_lowers_or_informs():
    assert sorted((*kinds.ASKING, *kinds.LOWERING, *kinds.INFORMING)) == sorted(InvoiceKind)


# DIAN's own words for its own documents, where its rules name a kind.
LAW = ("cartero/documents/countries/", "cartero/documents/dian.py", "cartero/cli/demonstration/")


def test_nothing_branches_by_kind_but_the_table():
    """A new kind is a new row: what else would compare with one kind is a column of the table."""
    files = [Source(path) for path in sorted(PACKAGE.rglob("*.py"))]
    branches = [
        file.at(node, ast.unparse(node))
        for file in files
        if not file.name.startswith(LAW)
        for node in file.nodes
        if isinstance(node, ast.Compare) and "InvoiceKind." in ast.unparse(node)
    ]
    assert branches == []


def test_no_template_branches_by_kind():
    compared = [
        f"{path.name}: {kind}"
        for path in PACKAGE.rglob("*.html")
        for kind in InvoiceKind
        if f'invoice.kind == "{kind.value}"' in (text := path.read_text()) or f'invoice.kind != "{kind.value}"' in text
    ]
    assert compared == []
