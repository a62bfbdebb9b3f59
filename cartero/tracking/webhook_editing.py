"""Where a provider calls, as a company's administrator sets it. In the trail; addresses and secrets never are."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.platform import crypto, ids
from cartero.platform.errors import CarteroError
from cartero.tracking import webhooks
from cartero.tracking.models import Webhook
from cartero.transport.models import MailAccount
from cartero.transport.ways import Way


class NoProvider(CarteroError):
    """Its server is nobody's who calls."""

    text = _("El servidor de esta cuenta no es de un proveedor que avise.")


def of(account: MailAccount) -> Webhook | None:
    """The account's own, unless it was made for another provider."""
    return Webhook.objects.filter(account=account, way=account.provider or "").select_related("account").first()


@transaction.atomic
def open_for(account: MailAccount, by: User) -> Webhook:
    """A new address; the one there was serves no more. A key with which the provider signs stays.

    Raises NoProvider.
    """
    if account.provider is None:
        raise NoProvider(account=account.pk)
    known = of(account)
    key = ids.token()
    is_signing = account.provider in webhooks.SIGNING
    kept = known.secret_sealed if known else ""
    fields = {
        "way": account.provider,
        "key_sha256": ids.sha256(key.encode()),
        "key_sealed": crypto.seal(key),
        "secret_sealed": kept if is_signing else crypto.seal(ids.token()),
        "heard_at": None,
        "refused_at": None,
    }
    webhook, _is_new = Webhook.objects.update_or_create(account=account, defaults=fields)
    audit.record(account, "renew_webhook" if known else "open_webhook", by, name=account.name)
    return webhook


@transaction.atomic
def sign_with(webhook: Webhook, secret: str, by: User) -> None:
    """The key with which the provider signs."""
    webhook.secret_sealed = crypto.seal(secret)
    webhook.save(update_fields=["secret_sealed"])
    audit.record(webhook.account, "set_webhook_key", by, name=webhook.account.name)


def address_of(webhook: Webhook) -> str:
    """As the provider is told it, with its password where it has one. Raises crypto.SealBroken."""
    scheme, _colon, place = settings.PUBLIC_URL.partition("://")
    login = "" if Way(webhook.way) in webhooks.SIGNING else f"{webhooks.USER}:{webhook.secret}@"
    return f"{scheme}://{login}{place}{reverse('provider_webhook', args=[webhook.key])}"
