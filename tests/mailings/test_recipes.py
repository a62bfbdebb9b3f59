import pytest

from cartero.mailings import recipes

pytestmark = pytest.mark.django_db


def test_one_recipe_while_nothing_changes(mailing_of):
    mailing = mailing_of(1)
    assert recipes.of(mailing) == recipes.of(mailing)
    facts = mailing.recipes.get().facts
    assert facts["sender"]["from_address"] == "facturacion@valle.example.co"
    assert facts["made_with"]["typst"]


def test_another_one_for_another_sender(mailing_of):
    mailing = mailing_of(1)
    first = recipes.of(mailing)
    mailing.account.from_name = "Cartera"
    assert recipes.of(mailing) != first


def test_a_changed_template_is_another_recipe(tmp_path, monkeypatch):
    before = recipes.made_with()
    changed = tmp_path / "invoice.typ"
    changed.write_bytes(recipes.typst.TEMPLATE.read_bytes() + b"\n")
    monkeypatch.setattr(recipes.typst, "TEMPLATE", changed)
    after = recipes.made_with()
    assert {name for name in after if after[name] != before[name]} == {"template"}
