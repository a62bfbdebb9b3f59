"""Mail to our own users about their sendings: one function a kind."""

from django.conf import settings
from django.utils.translation import gettext as _

from cartero.mailings import reports
from cartero.mailings.models import Mailing
from cartero.platform import formats, mailer


def tell_finished(mailing_id: int) -> None:
    """The summary, to whoever started the sending."""
    mailing = Mailing.objects.select_related("started_by", "created_by").get(pk=mailing_id)
    person = mailing.started_by or mailing.created_by
    if person is None:
        return
    progress = reports.progress(mailing)
    body = _(
        "Envío %(number)s, %(name)s: terminó.\n\n"
        "Enviados: %(accepted)s\nFallidos: %(failed)s\nPor revisar: %(in_doubt)s\n"
        "Documentos por fuera: %(left_out)s\n\n"
        "Véalo en %(url)s/envios/%(id)s/\n"
    )
    facts = {
        "number": mailing.number,
        "name": mailing.name,
        "accepted": formats.number(progress.accepted),
        "failed": formats.number(progress.failed),
        "in_doubt": formats.number(progress.in_doubt),
        "left_out": formats.number(progress.documents_left_out),
        "url": settings.PUBLIC_URL,
        "id": mailing.pk,
    }
    subject = _("Terminó el envío %(number)s. Enviados: %(accepted)s. Fallidos: %(failed)s.")
    mailer.send(person.email, subject % facts, body % facts)
