"""What can go wrong with an import, told to the person who brings the files."""

from django.utils.translation import gettext_lazy as _

from cartero.platform.errors import CarteroError


class ImportingError(CarteroError):
    """Files or documents that cannot come in as they are."""


class NothingReceived(ImportingError):
    """No file came, or only empty ones."""

    text = _("No llegó ningún archivo. Elija uno o arrástrelo hasta aquí.")


class TooLarge(ImportingError):
    """The files of one import weigh too much together."""

    text = _("Lo que subió pesa %(size)s; el máximo es %(most)s. Divídalo o use la importación por carpeta.")


class TooManyFiles(ImportingError):
    """More files at once than one import takes."""

    text = _("Son más de %(most)s archivos; ese es el máximo de una vez. Júntelos en un ZIP o súbalos por partes.")


class TooManyUnfinished(ImportingError):
    """The company has too many imports of the last hour that nobody has finished."""

    text = _(
        "Hay %(most)s importaciones de esta hora sin terminar. Espere a que terminen y vuelva a subir los archivos."
    )


class AlreadyDecided(ImportingError):
    """Somebody else has settled that conflict."""

    text = _("Ya se decidió qué hacer con %(number)s. Mire en la lista cuál quedó.")


class InvoiceOnItsWay(ImportingError):
    """A document that is queued in a sending cannot change."""

    text = _("%(number)s está en un envío que no ha terminado. Espere a que termine o cancélelo, y decida después.")
