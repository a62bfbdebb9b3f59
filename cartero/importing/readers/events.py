"""`ApplicationResponse` -> ReadEvent: what the buyer answers (030 to 034), or DIAN (02, 04) in a file of its own."""

from django.utils.translation import gettext as _
from lxml import etree

from cartero.importing.parcels import XML_TYPE, ReadEvent, ReceivedFile, bare_name
from cartero.importing.readers import container, values
from cartero.importing.readers.elements import find, text
from cartero.importing.readers.people import read_party
from cartero.importing.refusals import Remarks, UnreadableError
from cartero.invoices.data import PartyData
from cartero.invoices.states import FileRole

ANSWERS = frozenset({"02", "04"})
# Table 13.1.6 of annex 1.9. A tacit acceptance (034) is the issuer's own statement; the others are the buyer's.
BUYER_EVENTS = frozenset({"030", "031", "032", "033"})
TACIT_ACCEPTANCE = "034"
_REFERENCE = "cac:DocumentResponse/cac:DocumentReference/"


def read_event(root: etree._Element, content: bytes, source: str, company_tax_id: str | None) -> ReadEvent:
    """Raises UnreadableError for events Cartero does not keep and for those between other companies."""
    code = container.result_code(text(root, "cac:DocumentResponse/cac:Response/cbc:ResponseCode"))
    is_answer = code in ANSWERS
    if not is_answer and code not in BUYER_EVENTS and code != TACIT_ACCEPTANCE:
        raise UnreadableError(
            _("código de respuesta"),
            _("es un evento «%(code)s», que Cartero no guarda") % {"code": code or "?"},
            _("Quítelo de la carpeta: se guardan los eventos 030 a 034 y la respuesta de la DIAN."),
        )
    event = ReadEvent(
        source=source,
        code=code,
        number=text(root, "cbc:ID")[:60],
        uuid=text(root, "cbc:UUID")[:96],
        reference=text(root, _REFERENCE + "cbc:ID")[:60],
        reference_uuid=text(root, _REFERENCE + "cbc:UUID").lower()[:96],
        sender=_party(root, "cac:SenderParty", _("remitente del evento"), optional=is_answer),
        receiver=_party(root, "cac:ReceiverParty", _("destinatario del evento"), optional=is_answer),
        issue_date=values.read_date(text(root, "cbc:IssueDate")),
        description=text(root, "cac:DocumentResponse/cac:Response/cbc:Description")[:300],
        file=ReceivedFile(
            role=(FileRole.VALIDATION if is_answer else FileRole.EVENT).value,
            name=bare_name(source),
            media_type=XML_TYPE,
            content=content,
        ),
        answer=container.read_answer(root) if is_answer else None,
    )
    _refuse_foreign(event, company_tax_id)
    return event


def _party(root: etree._Element, path: str, where: str, *, optional: bool) -> PartyData:
    try:
        return read_party(find(root, path), where, Remarks())
    except UnreadableError:
        if optional:
            return PartyData(tax_id="", name="")
        raise


def _refuse_foreign(event: ReadEvent, company_tax_id: str | None) -> None:
    if not event.reference and not event.reference_uuid:
        raise UnreadableError(
            _("documento de referencia"),
            _("no dice a qué factura responde"),
            _("Pida otra vez el evento a quien lo envió."),
        )
    if company_tax_id is None or event.code in ANSWERS:
        return
    if company_tax_id not in {event.sender.tax_id, event.receiver.tax_id}:
        raise UnreadableError(
            _("partes del evento"),
            _("es un evento entre otras empresas (%(sender)s a %(receiver)s)")
            % {"sender": event.sender.name[:80], "receiver": event.receiver.name[:80]},
            _("Quítelo de la carpeta: Cartero guarda los eventos de los documentos de la empresa."),
        )
