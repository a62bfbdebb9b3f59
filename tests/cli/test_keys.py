import json

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.db.models.functions import Now
from django.utils import timezone
from typer.testing import CliRunner

from cartero.cli import keys, sealed
from cartero.platform import crypto, datafolder
from cartero.platform.models import WorkerProof
from cartero.tracking.models import Webhook
from cartero.transport.models import Grant, MailAccount, ReadingMailbox, SentFolder
from tests.factories import make_account, make_company, make_user

pytestmark = pytest.mark.django_db
OLD, NEW = datafolder.key(), datafolder.key()


@pytest.fixture
def use(settings):
    """Sets the keys, newest first, as after a restart with other ones."""

    def these(*ours):
        settings.ENCRYPTION_KEYS = list(ours)
        crypto._keys.cache_clear()

    these(OLD)
    yield these
    crypto._keys.cache_clear()


@pytest.fixture
def account(use):
    """With a secret of every kind there is."""
    account = make_account(make_company(), password_sealed=crypto.seal("clave de correo"))
    refresh, access = crypto.seal("permiso"), crypto.seal("acceso")
    now = timezone.now()
    Grant.objects.create(
        account=account, refresh_sealed=refresh, access_sealed=access, access_until=now, granted_at=now
    )
    SentFolder.objects.create(account=account, host="imap.example.com", password_sealed=crypto.seal("clave IMAP"))
    ReadingMailbox.objects.create(account=account, host="imap.example.com", password_sealed=crypto.seal("otra"))
    data = {"secret": crypto.seal("códigos"), "seed": crypto.seal("recuperación"), "used_mask": 1}
    Authenticator.objects.create(user=make_user(account.company), type="totp", data=data)
    Webhook.objects.create(account=account, key_sealed=crypto.seal("dirección"), secret_sealed=crypto.seal("firma"))
    return account


def run(*arguments):
    return CliRunner().invoke(keys.app, arguments)


def work(*fingerprints):
    fields = {"seen_at": Now(), "secret": "", "files": "", "behind": 0, "skew": 0, "is_pooled": False}
    WorkerProof.objects.create(worker="otra 7", keys=list(fingerprints), **fields)


def test_the_old_key_may_be_taken_away_afterwards(account, use):
    use(NEW, OLD)
    done = run("rotate", "--json")
    assert json.loads(done.output)["rotated"] == 10
    use(NEW)
    account = MailAccount.objects.get()
    assert account.password == "clave de correo"
    assert account.sent_folder.password == "clave IMAP"
    assert (crypto.unseal(account.grant.refresh_sealed), crypto.unseal(account.grant.access_sealed)) == (
        "permiso",
        "acceso",
    )
    factor = Authenticator.objects.get().data
    assert [crypto.unseal(factor["secret"]), crypto.unseal(factor["seed"])] == ["códigos", "recuperación"]


def test_every_sealed_column_is_tried(account):
    """A new one is rotated by its name; here it needs a secret of its own."""
    tried = {(each.model, each.column) for each in sealed.every() if not each.key}
    assert tried == set(sealed.columns())


def test_what_somebody_has_changed_meanwhile_stays(account, use):
    use(NEW, OLD)
    each = next(each for each in sealed.every() if each.model is MailAccount)
    MailAccount.objects.update(password_sealed=crypto.seal("otra"))
    assert not each.rotate()
    assert MailAccount.objects.get().password == "otra"


def test_nothing_is_changed_while_one_secret_opens_with_no_key(account, use):
    MailAccount.objects.update(password_sealed=Fernet(datafolder.key()).encrypt(b"?").decode())
    use(NEW, OLD)
    before = [each.value for each in sealed.every()]
    done = run("rotate")
    assert isinstance(done.exception, keys.KeyLost)
    assert f"transport.mailaccount {account.pk}" in done.exception.user_text
    assert [each.value for each in sealed.every()] == before


def test_nor_while_a_worker_does_not_know_the_new_key(account, use):
    work(*keys.fingerprints.of_keys())
    use(NEW, OLD)
    assert isinstance(run("rotate").exception, keys.KeyUnknown)
    WorkerProof.objects.update(keys=keys.fingerprints.of_keys())
    assert run("rotate").exit_code == 0


def test_a_new_key_can_seal():
    assert Fernet(run("create").output.strip()).encrypt(b"x")
