from django.utils.translation import gettext_lazy as _

from cartero.platform.errors import CarteroError


class DocumentsError(CarteroError):
    """A document could not be made."""


class NotDrawn(DocumentsError):
    """Typst refused to draw a document."""

    text = _("No se pudo hacer el PDF de %(number)s. Los demás documentos siguen; revise sus textos y su logo.")
