"""Bytes of a stranger -> an XML tree: the one hardened parser, and the reading of encodings that lie."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from html import unescape

from django.utils.translation import gettext as _
from lxml import etree

from cartero.importing.refusals import Remarks, UnreadableError

LARGEST = 10 * 1024 * 1024
DEEPEST = 64
MOST_ELEMENTS = 500_000
MOST_ATTRIBUTES = 64

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_DECLARATION = re.compile(r"<\?xml(?=\s)[^>]{0,1000}>")
_DOCTYPE = re.compile(r"(?>\s+|<!--.*?-->|<\?.*?\?>)*+<!DOCTYPE", re.DOTALL | re.IGNORECASE)
_HTML = re.compile(r"\s+html\b", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]+=*\s*")
_UTF_8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_LATIN = frozenset({"iso-8859-1", "iso8859-1", "latin1", "latin-1", "iso-8859-15", "windows-1252", "cp1252", "ansi"})

_too_many = etree.XPath(f"boolean((//*)[{MOST_ELEMENTS + 1}])")
_too_deep = etree.XPath("boolean(" + "/*" * (DEEPEST + 1) + ")")
_too_many_attributes = etree.XPath(f"boolean(//*[count(@*) > {MOST_ATTRIBUTES}])")


def parse(content: bytes, remarks: Remarks) -> etree._Element:
    """The root element of a file. Raises UnreadableError with words for the clerk."""
    _refuse_large(len(content))
    return _parse_text(_from_the_first_tag(decode(content, remarks), remarks))


def parse_embedded(text: str, remarks: Remarks) -> etree._Element:
    """The root of a document inside an element: in CDATA, escaped (even several times) or base64."""
    # Once it is text, the encoding that its own declaration names means nothing.
    text = text.strip().lstrip("\ufeff").lstrip()
    while text.startswith(("&lt;", "&amp;")):  # each time it gets shorter
        text = unescape(text)
    if not text.startswith("<") and _BASE64.fullmatch(text):
        try:
            return parse(b64decode(text), remarks)
        except Base64Error:
            pass  # the words below fit: it is no XML
    return _parse_text(_from_the_first_tag(text, remarks))


def decode(content: bytes, remarks: Remarks) -> str:
    """As declared, then UTF-8, then Windows-1252 with a warning (providers declare what they do not write)."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or content[:2] in (b"<\x00", b"\x00<"):
        return _decode_utf_16(content)
    found = _DECLARED.search(content, 0, 2000)
    declared = found[1].decode("ascii").lower() if found else "utf-8"
    text = _strictly(content, "utf-8-sig")
    if text is not None:
        _note_other_encoding(content, declared, remarks)
        return text
    text = _strictly(content, "iso-8859-15" if declared == "iso-8859-15" else "cp1252")
    if text is None and declared in _LATIN:
        text = _strictly(content, "iso-8859-1")
    if text is None:
        raise UnreadableError(
            _("codificación"),
            _("trae letras que no se pueden leer: no está en UTF-8 ni en Windows-1252"),
            _("Descargue otra vez el XML de su proveedor tecnológico; no lo abra ni lo guarde con un editor."),
        )
    if declared not in _LATIN:
        remarks.warn(
            _("codificación"),
            _("Dice estar en %(declared)s y está en Windows-1252: revise las tildes y las eñes.")
            % {"declared": declared},
        )
    return text


def _decode_utf_16(content: bytes) -> str:
    codec = "utf-16" if content[:1] in b"\xff\xfe" else ("utf-16-le" if content[:1] == b"<" else "utf-16-be")
    text = _strictly(content, codec)
    if text is None:
        raise UnreadableError(
            _("codificación"),
            _("empieza como UTF-16 pero trae bytes que no lo son"),
            _("Descargue otra vez el XML de su proveedor tecnológico."),
        )
    return text


def _note_other_encoding(content: bytes, declared: str, remarks: Remarks) -> None:
    if declared in _UTF_8 or content.isascii():
        return
    if declared in _LATIN:
        # Latin text is hardly ever valid UTF-8 by chance; read as declared, every accent would come out as two letters.
        remarks.warn(
            _("codificación"), _("Dice estar en %(declared)s y está en UTF-8: se leyó así.") % {"declared": declared}
        )
    else:
        remarks.note(
            _("codificación"), _("Dice estar en %(declared)s y está en UTF-8: se leyó así.") % {"declared": declared}
        )


def _strictly(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        return None


def _from_the_first_tag(text: str, remarks: Remarks) -> str:
    """Without byte order mark, spaces, stray text and declaration before the root."""
    text = text.lstrip("\ufeff \t\r\n")
    if not text:
        raise UnreadableError(_("archivo"), _("está vacío"), _("Descargue otra vez el archivo."))
    if not text.startswith("<"):
        start = text.find("<?xml")
        if start < 0:
            raise UnreadableError(
                _("inicio del archivo"),
                _("no es XML"),
                _("Suba el XML que entrega su proveedor tecnológico, o el ZIP que lo trae."),
            )
        text = text[start:]
        remarks.warn(_("inicio del archivo"), _("Trae texto antes del XML; no se tuvo en cuenta."))
    declaration = _DECLARATION.match(text)
    return text[declaration.end() :] if declaration else text


def _refuse_large(size: int) -> None:
    if size > LARGEST:
        raise UnreadableError(
            _("archivo"),
            _("pesa %(size)d MB; un XML puede pesar hasta 10 MB") % {"size": -(-size // 1024**2)},
            _("Una factura electrónica no llega a ese tamaño: revise que sea el archivo correcto."),
        )


def _parse_text(text: str) -> etree._Element:
    if doctype := _DOCTYPE.match(text):
        raise web_page() if _HTML.match(text, doctype.end()) else _dtd()
    content = text.encode()
    _refuse_large(len(content) // 2)  # UTF-8 of a legal Latin-1 file may be twice its size
    if text.count("<") > 2 * MOST_ELEMENTS:
        raise _too_big()
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError(
            _("línea %(line)d") % {"line": error.lineno or 1},
            _("el XML está dañado o incompleto"),
            _("Descargue otra vez el archivo de su proveedor tecnológico; no lo edite."),
        ) from error
    _refuse_hostile(root)
    return root


def _refuse_hostile(root: etree._Element) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise _dtd()
    if _too_deep(root):
        raise UnreadableError(
            _("estructura"),
            _("tiene más de %(limit)d niveles de elementos, uno dentro de otro") % {"limit": DEEPEST},
            _("Una factura electrónica no llega a tantos: revise de dónde viene el archivo."),
        )
    if _too_many(root) or _too_many_attributes(root):
        raise _too_big()


def web_page() -> UnreadableError:
    """What a portal hands out instead of a document, once its session has ended."""
    return UnreadableError(
        _("archivo"),
        _("es una página web guardada como XML"),
        _("Entre otra vez al portal de su proveedor tecnológico y descargue el XML."),
    )


def _dtd() -> UnreadableError:
    return UnreadableError(
        _("inicio del archivo"),
        _("trae una declaración DTD, que una factura electrónica nunca lleva"),
        _("Revise de dónde viene el archivo: puede ser un ataque. Pida otra vez el XML a su proveedor tecnológico."),
    )


def _too_big() -> UnreadableError:
    return UnreadableError(
        _("estructura"),
        _("tiene más elementos o atributos de los que una factura electrónica puede tener"),
        _("Revise de dónde viene el archivo."),
    )
