"""The stylesheets keep the rules of the house; see the section on templates and CSS of CONTRIBUTING.md."""

import re
from itertools import product
from math import cos, radians, sin
from pathlib import Path

import pytest

from cartero.pages.templatetags import ui

PAGES = Path(__file__).parent.parent / "cartero" / "pages"
STYLES = PAGES / "static" / "cartero" / "css"
FILES = sorted(STYLES.glob("*.css"))
SCRIPTS = sorted((PAGES / "static" / "cartero" / "js").glob("*.js"))
TEMPLATES = sorted((PAGES / "templates").rglob("*.html"))
LAYERS = {"reset", "base", "layout", "components", "modules", "utilities", "print"}
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(|\b(?:white|black|red|green|blue|gr[ae]y|orange)\b",
    re.I,
)
PHYSICAL = re.compile(
    r"\b(?:margin|padding|border)-(?:left|right|top|bottom)\b|(?:^|[;{\s])(?:left|right|top|bottom|width|height|"
    r"(?:min|max)-(?:width|height)|text-align:\s*(?:left|right))\s*:"
)


def rules(file):
    """Without comments, and without what is inside url(): an icon's drawing is not a style."""
    text = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.S)
    return re.sub(r'url\("[^"]*"\)', "url()", text)


def declarations(file):
    """The same without selectors, queries and names of custom properties: only what is given to properties."""
    inner = re.sub(r"@(?:media|container|supports|page|keyframes)[^{]*", "", rules(file))
    return " ".join(value for _name, value in re.findall(r"([\w-]+)\s*:\s*([^;{}]+)(?=[;}])", inner))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_keeps_the_rules(file):
    text = file.read_text()
    layer = re.match(r"@layer ([a-z]+)[ ,]", text)
    assert layer, "opens with its layer"
    assert layer[1] in LAYERS
    assert text.count("\n") <= 200
    assert "!important" not in text
    assert not PHYSICAL.search(re.sub(r"@(media|container)[^{]*", "", rules(file))), "logical properties only"
    if file.name != "tokens.css":
        assert not COLOUR.findall(declarations(file)), "a colour outside tokens.css"


def test_every_variable_is_defined_and_used():
    text = "\n".join(map(rules, FILES))
    defined = set(re.findall(r"[{;\s](--[\w-]+):", text))
    asked = re.findall(r"var\((--[\w-]+)\s*([,)])", text)
    assert {name for name, after in asked if after == ")"} - defined == set()
    assert defined - {name for name, _after in asked} == set()


def test_the_order_of_the_layers_is_said_once():
    orders = [file.name for file in FILES if re.match(r"@layer [a-z]+,", file.read_text())]
    assert orders == ["tokens.css"]


def test_the_page_links_every_component():
    modules = {file.stem for file in FILES if file.read_text().startswith("@layer modules")} - {"public"}
    assert set(ui.STYLES) == {file.stem for file in FILES} - modules
    assert set(ui.BEHAVIOURS) <= {file.stem for file in SCRIPTS}


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(PAGES / "templates")))
def test_a_template_has_no_style_and_no_handler(file):
    text = file.read_text()
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


def test_no_script_builds_markup_from_text():
    for file in SCRIPTS:
        assert "innerHTML" not in file.read_text(), file.name
        assert "eval(" not in file.read_text(), file.name


# The contrasts that the tokens promise, computed from their oklch values (WCAG 2.2, 1.4.3 and 1.4.11).
TEXTS = [
    ("text", "surface"), ("text", "canvas"), ("text", "sunken"), ("text-strong", "surface"),
    ("text-muted", "surface"), ("text-muted", "canvas"), ("text-muted", "sunken"),
    ("accent-text", "surface"), ("accent-text", "canvas"), ("accent-text", "accent-soft"),
    ("on-accent", "accent"), ("on-accent", "accent-strong"),
    ("positive-text", "positive-soft"), ("warning-text", "warning-soft"), ("negative-text", "negative-soft"),
    ("positive-text", "surface"), ("warning-text", "surface"), ("negative-text", "surface"),
    ("text", "warning-soft"), ("text", "negative-soft"), ("text", "positive-soft"), ("text", "accent-soft"),
]  # fmt: skip
EDGES = [("line-strong", "surface"), ("line-strong", "canvas"), ("accent-text", "surface"), ("negative", "surface")]


def channels(oklch):
    """Linear sRGB of `L C h` (Ottosson's matrices)."""
    lightness, chroma, hue = map(float, oklch)
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def luminance(name, scheme):
    text = (STYLES / "tokens.css").read_text()
    found = re.search(rf"--color-{name}: (?:var\((--[\w-]+)\)|(light-dark\(.*\)));", text)
    raw = re.search(rf"{found[1]}: (.*);", text)[1] if found[1] else found[2]
    values = re.findall(r"oklch\(([\d.]+) ([\d.]+) ?([\d.]*)", raw)
    value = values[0 if scheme == "light" else 1]
    red, green, blue = (min(1.0, max(0.0, part)) for part in channels((value[0], value[1], value[2] or 0)))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("pair", "scheme"), list(product(TEXTS + EDGES, ("light", "dark"))), ids=str)
def test_what_is_read_can_be_read(pair, scheme):
    lighter, darker = sorted((luminance(name, scheme) for name in pair), reverse=True)
    contrast = (lighter + 0.05) / (darker + 0.05)
    assert contrast >= (4.5 if pair in TEXTS else 3.0)
