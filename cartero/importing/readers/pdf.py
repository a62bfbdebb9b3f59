"""A received PDF: sound, of a sane size and without anything that acts by itself. Never rendered."""

from io import BytesIO

import pikepdf
from django.utils.translation import gettext as _

from cartero.importing.refusals import UnreadableError

LARGEST = 10 * 1024**2
MOST_OBJECTS = 200_000
_DEEPEST = 50
_SCRIPT_KEYS = frozenset({"/JS", "/JavaScript", "/XFA"})
_EMBEDDING_KEYS = frozenset({"/EF", "/EmbeddedFiles", "/RichMediaContent", "/AF"})
_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/RichMediaExecute", "/Rendition"}
)
_AUTOMATIC = frozenset({"/URI", "/GoToR"})  # fine behind a link that a person presses, not when the PDF opens


def check(content: bytes) -> None:
    """Raises UnreadableError with words for the clerk for a PDF that must not go on to a buyer."""
    if not content.startswith(b"%PDF-"):
        raise _refused(_("no es un PDF"), _("Vuelva a generarlo: el archivo debe ser un PDF de verdad."))
    if len(content) > LARGEST:
        raise _refused(
            _("pesa %(size)d MB; un PDF puede pesar hasta 10 MB") % {"size": -(-len(content) // 1024**2)},
            _("Genérelo otra vez sin imágenes tan grandes."),
        )
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            _check_open(pdf)
    except pikepdf.PasswordError as error:
        raise _refused(
            _("está protegido con contraseña"), _("Genérelo otra vez sin contraseña para abrirlo.")
        ) from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise _refused(_("está dañado"), _("Descárguelo o genérelo otra vez.")) from error


def _check_open(pdf: pikepdf.Pdf) -> None:
    if not len(pdf.pages):
        raise _refused(_("no tiene páginas"), _("Genérelo otra vez."))
    if len(pdf.objects) > MOST_OBJECTS:
        raise _refused(_("tiene demasiados objetos"), _("Genérelo otra vez con otra impresora de PDF."))
    # All objects of the file, those in object streams too; what is direct in them is walked.
    for item in pdf.objects:
        _check_object(item, 0)


def _check_object(item: object, depth: int) -> None:
    _refuse_deep(depth)
    if isinstance(item, pikepdf.Array):
        parts: list[object] = list(item.as_list())
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        _check_keys(item, depth)
        parts = [item[key] for key in item.keys()]  # noqa: SIM118 - iterating a stream is not iterating its keys
    else:
        return
    for part in parts:
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            _check_object(part, depth + 1)


def _check_keys(item: pikepdf.Object, depth: int) -> None:
    keys = item.keys()
    if keys & _SCRIPT_KEYS or _name_at(item, "/S") in _ACTIONS:
        raise _active()
    if keys & _EMBEDDING_KEYS or _name_at(item, "/Type") == "/EmbeddedFile":
        raise _refused(_("trae otros archivos adentro"), _("Genérelo otra vez sin adjuntos."))
    if "/OpenAction" in keys:
        _check_automatic(item["/OpenAction"], depth + 1)
    if "/AA" in keys and isinstance(item["/AA"], pikepdf.Dictionary):
        for event in item["/AA"].keys():  # noqa: SIM118 - as above
            _check_automatic(item["/AA"][event], depth + 1)


def _check_automatic(action: object, depth: int) -> None:
    """An action that runs by itself, and those that follow it, may only move inside the document."""
    _refuse_deep(depth)
    if isinstance(action, pikepdf.Array):
        for each in action.as_list():
            if isinstance(each, pikepdf.Dictionary) and "/S" in each:
                _check_automatic(each, depth + 1)
    elif isinstance(action, pikepdf.Dictionary):
        if _name_at(action, "/S") in _ACTIONS | _AUTOMATIC:
            raise _active()
        if "/Next" in action:
            _check_automatic(action["/Next"], depth + 1)


def _refuse_deep(depth: int) -> None:
    if depth > _DEEPEST:
        raise _refused(_("tiene una estructura demasiado profunda"), _("Genérelo otra vez con otra impresora de PDF."))


def _name_at(item: pikepdf.Object, key: str) -> str:
    value = item.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _active() -> UnreadableError:
    return _refused(
        _("trae contenido activo (un programa o una acción que corre al abrirlo)"),
        _("Genérelo otra vez con la impresora de PDF de su programa contable."),
    )


def _refused(what: str, mend: str) -> UnreadableError:
    return UnreadableError(_("PDF"), what, mend)
