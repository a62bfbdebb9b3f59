"""What the clerk need not know about her mail provider: host, port, security, limits (None where plans differ)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartero.transport.ways import Way

MB = 1_000_000


class Security(TextChoices):
    NONE = "none", _("Ninguna")
    STARTTLS = "starttls", _("STARTTLS")
    TLS = "tls", _("TLS")


@dataclass(frozen=True, kw_only=True)
class Preset:
    """`spf`: what the domain's SPF record must include; `selectors`: where its DKIM keys stand; `max_size` in bytes.

    `other`: how else than with user and password its mails may leave.
    """

    name: str
    host: str
    port: int = 587
    security: Security = Security.STARTTLS
    per_minute: int | None = None
    per_hour: int | None = None
    per_day: int | None = None
    connections: int = 2
    max_size: int = 25 * MB
    spf: str = ""
    selectors: tuple[str, ...] = ()
    hint: str | Promise = ""
    other: Way | None = None


_APP_PASSWORD = _(
    "Use una contraseña de aplicación, no la de su correo: se crea en su cuenta de Google, "
    "en Seguridad, Verificación en dos pasos."
)
_LOGIN_SWITCH = _(
    "En el centro de administración de Microsoft 365 debe estar activo «SMTP autenticado» para este buzón."
)
_PLAN = _("Los límites dependen de su plan: escriba los que le dio su proveedor.")
_OWN_HOST = _("Escriba el servidor que le dio su proveedor, como mail.sudominio.com.")

PRESETS: Mapping[str, Preset] = {
    "gmail": Preset(
        name="Gmail",
        host="smtp.gmail.com",
        per_day=500,
        spf="_spf.google.com",
        selectors=("google",),
        hint=_APP_PASSWORD,
        other=Way.GOOGLE,
    ),
    "google_workspace": Preset(
        name="Google Workspace",
        host="smtp.gmail.com",
        per_day=2000,
        connections=4,
        spf="_spf.google.com",
        selectors=("google",),
        hint=_APP_PASSWORD,
        other=Way.GOOGLE,
    ),
    "microsoft_365": Preset(
        name="Microsoft 365",
        host="smtp.office365.com",
        per_minute=30,
        per_day=10_000,
        connections=3,
        max_size=35 * MB,
        spf="spf.protection.outlook.com",
        selectors=("selector1", "selector2"),
        hint=_LOGIN_SWITCH,
        other=Way.MICROSOFT,
    ),
    "outlook": Preset(
        name="Outlook.com",
        host="smtp-mail.outlook.com",
        per_minute=30,
        per_day=300,
        spf="spf.protection.outlook.com",
        hint=_("Microsoft ya no deja entrar con la contraseña en estos buzones: conéctelo con Microsoft."),
        other=Way.MICROSOFT,
    ),
    "zoho": Preset(
        name="Zoho Mail", host="smtp.zoho.com", spf="zohomail.com", selectors=("zmail", "zoho", "default"), hint=_PLAN
    ),
    "ses": Preset(
        name="Amazon SES",
        host="email-smtp.us-east-1.amazonaws.com",
        connections=8,
        max_size=40 * MB,
        spf="amazonses.com",
        hint=_("El servidor depende de la región y los límites de su cuenta: mírelos en la consola de SES."),
        other=Way.SES,
    ),
    "postmark": Preset(
        name="Postmark",
        host="smtp.postmarkapp.com",
        connections=8,
        max_size=10 * MB,
        spf="spf.mtasv.net",
        selectors=("pm",),
        hint=_("El usuario y la contraseña son el «Server API token»."),
        other=Way.POSTMARK,
    ),
    "brevo": Preset(
        name="Brevo",
        host="smtp-relay.brevo.com",
        connections=4,
        max_size=20 * MB,
        spf="spf.brevo.com",
        selectors=("brevo1", "brevo2", "mail"),
        hint=_("La contraseña es la clave SMTP de Brevo, no la de su cuenta."),
        other=Way.BREVO,
    ),
    "mailgun": Preset(
        name="Mailgun",
        host="smtp.mailgun.org",
        connections=4,
        spf="mailgun.org",
        selectors=("mx", "pic", "k1", "s1"),
        hint=_("El usuario y la contraseña son los «SMTP credentials» de su dominio en Mailgun."),
        other=Way.MAILGUN,
    ),
    "sendgrid": Preset(
        name="SendGrid",
        host="smtp.sendgrid.net",
        connections=4,
        max_size=20 * MB,
        spf="sendgrid.net",
        selectors=("s1", "s2"),
        hint=_("El usuario es «apikey» y la contraseña, su clave de API."),
        other=Way.SENDGRID,
    ),
    "hostinger": Preset(
        name="Hostinger",
        host="smtp.hostinger.com",
        port=465,
        security=Security.TLS,
        spf="_spf.mail.hostinger.com",
        selectors=("hostingermail-a", "hostingermail-b", "hostingermail-c"),
        hint=_PLAN,
    ),
    "cpanel": Preset(
        name="cPanel",
        host="",
        port=465,
        security=Security.TLS,
        per_hour=50,
        per_day=250,
        selectors=("default",),
        hint=_OWN_HOST,
    ),
}


def of_way(way: Way) -> Preset:
    """Of the provider that this way belongs to; for leave of Google and Microsoft, what companies have there."""
    usual = {Way.GOOGLE: "google_workspace", Way.MICROSOFT: "microsoft_365"}
    return PRESETS[usual[way]] if way in usual else next(each for each in PRESETS.values() if each.other == way)
