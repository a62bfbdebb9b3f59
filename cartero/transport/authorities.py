"""Who gives leave to send with a mailbox (OAuth 2, RFC 6749): where it is asked, and for what."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cartero.transport.ways import Way


@dataclass(frozen=True, kw_only=True)
class Authority:
    """`scope` is what sending needs, `besides` what is asked for with it: to last, and to read what was sent.

    `asking` is for its page alone.
    """

    name: str
    authorize_url: str
    token_url: str
    device_url: str
    scope: str
    besides: tuple[str, ...] = ()
    asking: Mapping[str, str] = field(default_factory=dict)

    @property
    def scopes(self) -> str:
        return " ".join((self.scope, *self.besides))


_MICROSOFT = "https://login.microsoftonline.com/common/oauth2/v2.0"

AUTHORITIES: Mapping[Way, Authority] = {
    Way.GOOGLE: Authority(
        name="Google",
        authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
        token_url="https://oauth2.googleapis.com/token",  # noqa: S106  an address
        device_url="https://oauth2.googleapis.com/device/code",
        scope="https://mail.google.com/",
        asking={"access_type": "offline", "prompt": "consent"},  # without both it gives no refresh token
    ),
    Way.MICROSOFT: Authority(
        name="Microsoft",
        authorize_url=f"{_MICROSOFT}/authorize",
        token_url=f"{_MICROSOFT}/token",
        device_url=f"{_MICROSOFT}/devicecode",
        scope="https://outlook.office.com/SMTP.Send",
        besides=("https://outlook.office.com/IMAP.AccessAsUser.All", "offline_access"),
        asking={"prompt": "select_account"},
    ),
}
