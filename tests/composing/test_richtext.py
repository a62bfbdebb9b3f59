import pytest

from cartero.composing import richtext

KEPT = (
    '<h2>T</h2><p style="text-align:center">a <strong>b</strong> <em>c</em> <u>d</u> <s>e</s><br>f</p>'
    '<ol start="3"><li>g</li></ol><hr>'
)


def test_what_the_editor_offers_is_kept():
    assert richtext.clean(KEPT) == KEPT


@pytest.mark.parametrize(
    ("hostile", "clean"),
    [
        ("<script>alert(1)</script>a", "a"),
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        (
            '<img src="https://e.example.co/pixel.png">a',
            "a",
        ),  # no pictures from elsewhere: a tracker, or a broken frame
        ('<a href="javascript:x()">a</a>', '<a rel="noopener noreferrer">a</a>'),
        ('<a href="http://e.example.co">a</a>', '<a rel="noopener noreferrer">a</a>'),
        ('<a href="/r">a</a>', '<a rel="noopener noreferrer">a</a>'),
        ('<a href="data:text/html,x">a</a>', '<a rel="noopener noreferrer">a</a>'),
        (
            '<p style="text-align:left;position:fixed;background:url(https://e.example.co)">a</p>',
            '<p style="text-align:left">a</p>',
        ),
        ("<style>p{display:none}</style>a", "a"),
        ('<div class="x" id="y">a</div>', "a"),
        ("<!-- --><iframe src='https://e.example.co'></iframe>a", "a"),
        ("<table><tr><td>a</td></tr></table>", "a"),
        ("<p>a", "<p>a</p>"),
        ("</td></table>a", "a"),  # does not close what is ours
        ("<p>a&#x202e;b\ud800c\0d&#0;</p>", "<p>abcd\N{REPLACEMENT CHARACTER}</p>"),
    ],
)
def test_nothing_else_passes(hostile, clean):
    assert richtext.clean(hostile) == clean


@pytest.mark.parametrize("html", [KEPT, "<p>a & b &lt;c&gt; &nbsp; «é»</p>", '<a href="mailto:a@e.example.co">x</a>'])
def test_cleaning_twice_changes_nothing(html):
    assert richtext.clean(richtext.clean(html)) == richtext.clean(html)


TEXTS = [
    ("<p>uno</p><p>dos</p>", "uno\n\ndos"),
    ("<p>uno<br>dos</p>", "uno\ndos"),
    ("<p>a  \n b</p>", "a b"),  # as HTML shows it
    ("<p>1 &lt; 2 &amp; 3</p>", "1 < 2 & 3"),
    ("<ul><li>a</li><li><p>b</p></li></ul><p>c</p>", "- a\n- b\n\nc"),
    ('<ol start="3"><li>a<br>b</li><li>c</li></ol>', "3. a\n   b\n4. c"),
    ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c"),
    ("<ul><li></li></ul><p>a</p>", "a"),
    ("<ul><li><p>a</p><p>b</p></li></ul>", "- a\n  b"),
    ('<p><a href="https://e.example.co/x">ver</a> ya</p>', "ver (https://e.example.co/x) ya"),
    ('<p><a href="https://e.example.co/x">https://e.example.co/x</a></p>', "https://e.example.co/x"),
    ('<p><a href="mailto:a@e.example.co">a@e.example.co</a></p>', "a@e.example.co"),
    ('<p><a href="mailto:a@e.example.co">escríbanos</a></p>', "escríbanos (a@e.example.co)"),
    ('<p><a href="javascript:x()">nada</a></p>', "nada"),
    ("<h2>T</h2><p>a</p><hr><blockquote><p>b</p><p>c</p></blockquote>", "T\n\na\n\n--------------------\n\n> b\n\n> c"),
    ("sin párrafo", "sin párrafo"),
    ("", ""),
]


@pytest.mark.parametrize(("html", "text"), TEXTS)
def test_the_text_says_the_same(html, text):
    assert richtext.to_text(html) == text


@pytest.mark.parametrize(
    "html", ["", "<p></p>", "<p>&nbsp; </p><p><br></p>", "<hr>", "<ul><li></li></ul>", "<script>x</script>"]
)
def test_it_looks_empty(html):
    assert richtext.looks_empty(html)


def test_a_comodin_is_not_empty():
    assert not richtext.looks_empty("<p>{{ factura.numero }}</p>")
