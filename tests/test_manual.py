"""The manual says what the product says: the same comodines, reasons, providers, roles; no link leads nowhere."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from cartero.companies.roles import Role
from cartero.composing.fields import FIELDS
from cartero.mailings.states import LeftOut
from cartero.pages.configuration.forms import ROLES
from cartero.transport.explanations import EXPLANATIONS
from cartero.transport.presets import PRESETS

MANUAL = Path(__file__).parent.parent / "docs" / "manual"
PAGES = sorted(MANUAL.glob("*.md"))
LINK = re.compile(r"\]\(([^)#]+)\)")


def text(name: str) -> str:
    return (MANUAL / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_and_picture_is_there(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_the_index_names_every_page():
    assert {page.name for page in PAGES} - {"README.md"} <= set(LINK.findall(text("README")))


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("plantillas-y-comodines", [f"`{{{{ {field.name} }}}}` | {field.label} | {field.example}" for field in FIELDS]),
        ("que-fallo-y-como-corregirlo", [reason.label for reason in LeftOut]),
        ("cuentas-de-correo", [preset.name for preset in PRESETS.values()]),
        ("usuarios-y-roles", [f"**{Role(role).label}** | {does}" for role, does in ROLES.items()]),
    ],
)
def test_what_the_product_lists_is_in_the_manual(page, said):
    with translation.override("es"):
        lacking = [str(each) for each in said if str(each) not in text(page)]
    assert lacking == []


def test_every_answer_of_a_server_is_explained_in_the_manual():
    page = text("que-fallo-y-como-corregirlo")
    with translation.override("es"):
        rows = [f"| {e.happened} | {e.cartero_does} | {e.you_can} |" for e in EXPLANATIONS.values()]
    assert [row for row in rows if row not in page and "Cartero guarda su respuesta" not in row] == []
