"""What can be seen in the templates without rendering them."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

FOLDER = Path(__file__).parents[2] / "cartero" / "pages" / "templates"
NAMES = sorted(str(file.relative_to(FOLDER)) for file in FOLDER.rglob("*.html"))
WITH_TOKEN = {name for name in NAMES if "{% csrf_token %}" in (FOLDER / name).read_text()}
INCLUDES = re.compile(r'{% include "([^"]+)"([^%]*)%}')
# Pages behind a link that is the secret itself: whoever comes has no session, and no cookie to compare with.
STAMPED = ("recipient/",)  # by a signed field that says whose page it is
SECRET = {"notices/stop.html"}  # its address is signed for one user and one kind of notice (RFC 8058)
FORMS = re.compile(r'<form[^>]*method="post"[^>]*>.*?</form>', re.S)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_well_formed(name):
    get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_form_keeps_its_token_where_only_cuts_the_context(name):
    lost = [
        included
        for included, given in INCLUDES.findall((FOLDER / name).read_text())
        if included in WITH_TOKEN and re.search(r"\bonly\b", given) and "csrf_token=csrf_token" not in given
    ]
    assert lost == [], "pass csrf_token=csrf_token"


@pytest.mark.parametrize("name", sorted({*NAMES} - SECRET))
def test_each_form_that_changes_something_has_a_token(name):
    token = 'name="hecho" value="{{ made }}"' if name.startswith(STAMPED) else "{% csrf_token %}"
    for form in FORMS.findall((FOLDER / name).read_text()):
        assert token in form
