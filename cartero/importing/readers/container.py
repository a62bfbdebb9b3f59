"""The electronic container (`AttachedDocument`): the document inside it and DIAN's answer."""

import re

from django.utils.translation import gettext as _
from lxml import etree

from cartero.importing.readers import kinds, values, xmltree
from cartero.importing.readers.elements import find, find_all, first_text, text
from cartero.importing.readers.file_names import plain
from cartero.importing.refusals import Remarks, UnreadableError
from cartero.invoices.data import ValidationData

VALIDATED = "02"
_CONTENT_PATHS = (
    "cac:Attachment/cac:ExternalReference/cbc:Description",
    "cac:Attachment/cbc:EmbeddedDocumentBinaryObject",
)
_RESPONSE = "cac:DocumentResponse/cac:Response/"
_CODE = re.compile(r"0*(\d{1,3})")
_EVENT = 3  # digits of the codes of buyers' events (030 to 034); DIAN's answers have two


def unwrap(container: etree._Element, remarks: Remarks) -> etree._Element:
    """The root of the document inside. Raises UnreadableError where there is none, or another container."""
    content = _content(container)
    if not content:
        raise UnreadableError(
            _("contenedor"),
            _("no trae ninguna factura dentro"),
            _("Descargue otra vez el contenedor de su proveedor tecnológico."),
        )
    try:
        root = xmltree.parse_embedded(content, remarks)
        if kinds.root_name(root) == "AttachedDocument":
            raise UnreadableError(
                _("documento"),
                _("es otro contenedor, uno dentro de otro"),
                _("Suba el contenedor de adentro, que es el que trae la factura."),
            )
    except UnreadableError as error:
        where = _("documento dentro del contenedor: %(where)s") % {"where": error.where}
        raise UnreadableError(where, error.what, error.mend) from error
    _compare_numbers(container, root, remarks)
    return root


def _content(element: etree._Element) -> str:
    for path in _CONTENT_PATHS:
        for found in find_all(element, path):
            if found.text and found.text.strip():
                return found.text
            if len(found):  # neither in CDATA nor escaped
                return etree.tostring(found[0], encoding="unicode", with_tail=False)
    return ""


def _compare_numbers(container: etree._Element, document: etree._Element, remarks: Remarks) -> None:
    outside, inside = text(container, "cbc:ParentDocumentID"), text(document, "cbc:ID")
    if outside and outside != inside:
        # Without prefix or with other signs it is still the same number.
        is_alike = plain(inside).endswith(plain(outside))
        say = remarks.note if is_alike else remarks.warn
        say(
            _("contenedor"),
            _("El contenedor dice ser de %(outside)s y trae %(inside)s.")
            % {"outside": outside[:60], "inside": inside[:60]},
        )


def read_validation(container: etree._Element) -> ValidationData | None:
    """DIAN's answer as the container reports it, else as the answer itself says; None where there is none.

    A buyer's event may stand beside it, or before it.
    """
    references = find_all(container, "cac:ParentDocumentLineReference/cac:DocumentReference")
    answers = (_reported(reference) for reference in references)
    return next((answer for answer in answers if answer and len(answer.code) < _EVENT), None)


def _reported(reference: etree._Element) -> ValidationData | None:
    result = find(reference, "cac:ResultOfVerification")
    code = result_code(text(result, "cbc:ValidationResultCode"))
    if code:
        return ValidationData(
            code=code,
            validation_date=values.read_date(text(result, "cbc:ValidationDate")),
            validation_time=text(result, "cbc:ValidationTime")[:20],
        )
    content = _content(reference)
    return _read_answer(content) if content else None


def _read_answer(content: str) -> ValidationData | None:
    try:
        root = xmltree.parse_embedded(content, Remarks())
    except UnreadableError:
        return None  # the caller says that there is no answer
    return read_answer(root)


def read_answer(answer: etree._Element) -> ValidationData | None:
    """What an `ApplicationResponse` of DIAN says, from its first response."""
    code = result_code(text(answer, _RESPONSE + "cbc:ResponseCode"))
    if not code:
        return None
    return ValidationData(
        code=code,
        validation_date=values.read_date(first_text(answer, "cbc:IssueDate", _RESPONSE + "cbc:EffectiveDate")),
        validation_time=text(answer, "cbc:IssueTime")[:20],
    )


def result_code(stated: str) -> str:
    """`2`, `02`, `002` and `Documento validado por la DIAN` are all `02`; events keep three digits (030)."""
    found = _CODE.fullmatch(stated)
    if found:
        return found[1].zfill(2) if int(found[1]) < 10 else found[1].zfill(3)
    return VALIDATED if stated.lower().startswith("documento validado") else ""
