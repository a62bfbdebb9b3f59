from datetime import timedelta

from django.utils import timezone

from cartero.companies import inviting
from cartero.companies.models import Membership
from cartero.companies.roles import Role
from cartero.mailings.models import MessageTemplate
from tests.factories import make_account
from tests.pages.looking import look_at


def test_the_pages_of_configuration_are_whole(server, chromium, signed_in, people):
    company = people.company
    account = make_account(company, name="Facturación", per_day=10_000, per_minute=120)
    make_account(company, name="Cartera", stopped_reason="login_refused", stopped_reply="535 5.7.8 Bad credentials")
    make_account(company, name="Pausada", paused_until=timezone.now() + timedelta(hours=2))
    message = "<p>Buenos días, {{ tercero.nombre }}</p>"
    template = MessageTemplate.objects.create(
        company=company, name="Mensual", kind="copy", subject="Julio", message_html=message
    )
    token = inviting.invite(company, "nora@valle.example.co", Role.SENDER, people.ana, name="Nora Niño").token
    member = Membership.objects.get(user=people.bruno)
    pages = {
        "company": "/configuracion/empresa/",
        "accounts": "/configuracion/cuentas/",
        "providers": "/configuracion/cuentas/nueva/",
        "account-new": "/configuracion/cuentas/nueva/?proveedor=gmail",
        "account": f"/configuracion/cuentas/{account.pk}/",
        "probe": f"/configuracion/cuentas/{account.pk}/probar/",
        "templates": "/configuracion/plantillas/",
        "template": f"/configuracion/plantillas/{template.pk}/",
        "users": "/configuracion/usuarios/",
        "remove": f"/configuracion/usuarios/{member.pk}/quitar/",
        "invitation": f"/configuracion/usuarios/invitacion/{token}/",
        "activity": "/configuracion/actividad/",
    }
    look_at(chromium, server, signed_in(people.ana, server), pages)
