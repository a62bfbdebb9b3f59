"""Providers whose API takes mails: where it is, and what an account there is asked for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartero.transport.presets import MB
from cartero.transport.ways import Way

MARK = "cartero"  # under which the mail's Message-ID is handed over beside it, for what is told of it later
AWS_REGION = re.compile(r"[a-z]{2}(-[a-z]+){1,3}-\d{1,2}")


@dataclass(frozen=True, kw_only=True)
class Provider:
    """`hosts` by region, the first one where none is said; `{region}` stands for any of Amazon's.

    `user_label` is empty where the key is all there is. `takes_inline`: pictures within a message.
    """

    name: str
    hosts: Mapping[str, str]
    key_label: str | Promise
    user_label: str | Promise = ""
    max_size: int = 20 * MB
    connections: int = 4
    takes_inline: bool = True
    spf: str = ""
    selectors: tuple[str, ...] = ()
    hint: str | Promise = ""
    regions: tuple[str, ...] = field(default=())


PROVIDERS: Mapping[Way, Provider] = {
    Way.SES: Provider(
        name="Amazon SES",
        hosts={"": "email.{region}.amazonaws.com"},
        regions=("us-east-1", "us-east-2", "us-west-2", "sa-east-1", "ca-central-1", "eu-west-1", "eu-central-1"),
        user_label=_("Identificador de la clave (Access key ID)"),
        key_label=_("Clave secreta (Secret access key)"),
        max_size=40 * MB,
        connections=8,
        spf="amazonses.com",
        hint=_("La clave debe permitir ses:SendEmail. Los límites de su cuenta están en la consola de SES."),
    ),
    Way.POSTMARK: Provider(
        name="Postmark",
        hosts={"": "api.postmarkapp.com"},
        key_label=_("«Server API token»"),
        max_size=10 * MB,
        connections=8,
        spf="spf.mtasv.net",
        selectors=("pm",),
    ),
    Way.BREVO: Provider(
        name="Brevo",
        hosts={"": "api.brevo.com"},
        key_label=_("Clave de API (v3)"),
        takes_inline=False,
        spf="spf.brevo.com",
        selectors=("brevo1", "brevo2", "mail"),
        hint=_("Por la API de Brevo, Gmail y Outlook no muestran el logo dentro del mensaje; por SMTP sí."),
    ),
    Way.MAILGUN: Provider(
        name="Mailgun",
        hosts={"us": "api.mailgun.net", "eu": "api.eu.mailgun.net"},
        regions=("us", "eu"),
        user_label=_("Dominio en Mailgun"),
        key_label=_("Clave de envío (Sending API key)"),
        max_size=25 * MB,
        spf="mailgun.org",
        selectors=("mx", "pic", "k1", "s1"),
    ),
    Way.SENDGRID: Provider(
        name="SendGrid",
        hosts={"us": "api.sendgrid.com", "eu": "api.eu.sendgrid.com"},
        regions=("us", "eu"),
        key_label=_("Clave de API"),
        spf="sendgrid.net",
        selectors=("s1", "s2"),
        hint=_("La clave de API solo necesita el permiso «Mail Send»."),
    ),
}


def host_of(way: Way, region: str) -> str:
    """Where the API is. Raises KeyError for a region that the provider does not have."""
    hosts = PROVIDERS[way].hosts
    if way == Way.SES:
        if not AWS_REGION.fullmatch(region):
            raise KeyError(region)
        return hosts[""].format(region=region)
    return hosts[region] if region else next(iter(hosts.values()))
