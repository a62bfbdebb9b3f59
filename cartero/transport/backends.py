"""Anymail's backends, each with the secrets of one account and nothing of the settings."""

import warnings
from typing import Any

from anymail.backends import mailgun
from anymail.exceptions import AnymailNotSupportedWarning
from django.utils.module_loading import import_string

from cartero.transport import web
from cartero.transport.server import ApiServer
from cartero.transport.ways import Way

# Of SendGrid, which Anymail has no account at any more to try it with.
warnings.filterwarnings("ignore", category=AnymailNotSupportedWarning)

# By name: that of Amazon takes a third of a second to import.
_PATHS = {
    Way.SES: "anymail.backends.amazon_ses.EmailBackend",
    Way.POSTMARK: "anymail.backends.postmark.EmailBackend",
    Way.BREVO: "anymail.backends.brevo.EmailBackend",
    Way.MAILGUN: "cartero.transport.backends.MailgunBackend",
    Way.SENDGRID: "anymail.backends.sendgrid.EmailBackend",
}


class MailgunBackend(mailgun.EmailBackend):  # type: ignore[misc]  # Anymail has no types
    """Hands the mail over as it is."""

    def build_message_payload(self, message: Any, defaults: Any) -> Any:
        return _RawPayload(message, defaults, self)


class _RawPayload(mailgun.MailgunPayload):  # type: ignore[misc]  # as above
    def get_api_endpoint(self) -> str:
        return f"{super().get_api_endpoint()}.mime"

    def get_request_params(self, api_url: str) -> dict[str, Any]:
        params: dict[str, Any] = super().get_request_params(api_url)
        to = [address.addr_spec for address in self.all_recipients]
        return params | {"data": {"to": to}, "files": {"message": ("mail.eml", self.message.raw, "message/rfc822")}}


def backend_of(server: ApiServer, session: web.Session) -> Any:
    """Open, over `session` where Anymail asks with requests. Costs 0.1 s for Amazon's."""
    backend = import_string(_PATHS[server.way])(**_options(server))
    if server.way == Way.SES:
        backend.open()
    else:
        backend.session = session
        backend.timeout = (server.timeouts.connect, server.timeouts.data)
    return backend


def _options(server: ApiServer) -> dict[str, Any]:
    url = {"api_url": server.url} if server.url else {}
    match server.way:
        case Way.SES:
            return {"client_params": _amazon(server)}
        case Way.POSTMARK:
            return url | {"server_token": server.key}
        case Way.MAILGUN:
            return (
                {"api_url": f"https://{server.host}/v3"}
                | url
                | {
                    "api_key": server.key,
                    "sender_domain": server.username,
                }
            )
        case Way.SENDGRID:
            return (
                {"api_url": f"https://{server.host}/v3"} | url | {"api_key": server.key, "generate_message_id": False}
            )
        case _:
            return url | {"api_key": server.key}


def _amazon(server: ApiServer) -> dict[str, Any]:
    """Of a boto3 client: one try, as whether a mail goes again is for us to say."""
    client: dict[str, Any] = {
        "aws_access_key_id": server.username,
        "aws_secret_access_key": server.key,
        "region_name": server.region,
        "config": import_string("botocore.config.Config")(
            connect_timeout=server.timeouts.connect,
            read_timeout=server.timeouts.data,
            retries={"total_max_attempts": 1},
            max_pool_connections=1,
            proxies={},
        ),
    }
    return client | ({"endpoint_url": server.url} if server.url else {})
