"""Mails over a provider's API, with the same knowledge of what became of each as over SMTP."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import requests
from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused

from cartero.transport import api_answers, backends, offers, rebuilding, web
from cartero.transport.api_answers import Answer
from cartero.transport.envelope import Refusal, Transmission, all_refused, broken_off
from cartero.transport.line import EndedError
from cartero.transport.providers import MARK, PROVIDERS
from cartero.transport.rebuilding import Rebuilt
from cartero.transport.relays import LONGEST_MARK
from cartero.transport.replies import Broken, Fail, Kind, Reply, Sent, Stage
from cartero.transport.server import ApiServer
from cartero.transport.ways import Way

# Of botocore, by name, so that it is not imported for other providers. Nothing of the request was out.
_BEFORE: Mapping[str, Broken] = {
    "EndpointConnectionError": Broken(stage=Stage.CONNECT, kind=Kind.REFUSED),
    "ConnectTimeoutError": Broken(stage=Stage.CONNECT, kind=Kind.TIMEOUT),
    "ProxyConnectionError": Broken(stage=Stage.CONNECT, kind=Kind.REFUSED),
    "SSLError": Broken(stage=Stage.TLS, kind=Kind.TLS),
}
# Who shows nothing of the mail's own head in what it tells later.
_MARKED = frozenset({Way.POSTMARK, Way.BREVO, Way.SENDGRID})


def connect(server: ApiServer) -> "Connection":
    """Ready for mails. Asks nobody yet: the first mail shows whether the key is good."""
    return Connection(server)


class Connection:
    """As of SMTP: see connection.Connection."""

    max_size: int | None = None

    def __init__(self, server: ApiServer) -> None:
        self.server = server
        self.is_open = True
        self.mails = 0
        self.tls = "" if server.url.startswith("http:") else "HTTPS"
        self._session = web.Session(private_allowed=server.private_allowed)
        self._backend = backends.backend_of(server, self._session)

    def is_usable(self) -> bool:
        return self.is_open  # a line that was closed meanwhile is opened again by the next request

    def transmit(self, envelope_from: str, recipients: Sequence[str], message: bytes) -> Transmission:
        misfit = offers.unfit(offers.NOTHING, envelope_from, message)
        if misfit:
            return Transmission(verdict=misfit[0], stage=Stage.API, detail=misfit[1])
        misfits = offers.unfit_recipients(offers.NOTHING, recipients)
        refused = {address: Refusal(verdict=verdict) for address, verdict in misfits.items()}
        going = [address for address in recipients if address not in refused]
        if not going:
            return all_refused(refused)
        done = self._hand_over(going, message)
        return replace(done, refused={**refused, **done.refused}) if refused else done

    def close(self) -> None:
        if self.is_open:
            self.hang_up()

    def hang_up(self) -> None:
        self.is_open = False
        self._backend.close()
        self._session.close()

    def _hand_over(self, recipients: Sequence[str], message: bytes) -> Transmission:
        mail = rebuilding.rebuild(message, recipients, takes_inline=PROVIDERS[self.server.way].takes_inline)
        if self.server.way == Way.POSTMARK:
            mail.extra_headers["X-PM-KeepID"] = "true"  # else it puts a Message-ID of its own
        _mark(mail, self.server.way)
        try:
            self._backend.send_messages([mail])
        except EndedError as ended:
            return broken_off(ended.broken)
        except AnymailRecipientsRefused:
            return self._answered(mail, recipients)
        except AnymailAPIError as error:
            return self._refused(error)
        except AnymailError as error:  # it can say some things in no way to this provider
            return Transmission(verdict=Fail(reason="request_refused"), stage=Stage.API, detail=str(error.args[0]))
        return self._answered(mail, recipients)

    def _answered(self, mail: Rebuilt, recipients: Sequence[str]) -> Transmission:
        self.mails += 1
        status: Any = mail.anymail_status  # type: ignore[attr-defined]  # set by Anymail
        by_address = {address.casefold(): each.status for address, each in status.recipients.items()}
        reply = self._proof(status)
        refused = {}
        for address in recipients:
            verdict = api_answers.of_recipient(by_address.get(address.casefold(), "unknown"))
            if verdict is not None:
                refused[address] = Refusal(verdict=verdict, reply=reply)
        if len(refused) == len(recipients):
            return replace(all_refused(_worst_last(refused)), stage=Stage.API)
        return Transmission(verdict=Sent(), stage=Stage.API, reply=reply, refused=refused)

    def _proof(self, status: Any) -> Reply:
        """HTTP status and the provider's own id of the mail."""
        response = status.esp_response
        if isinstance(response, requests.Response):
            own = response.headers.get("X-Message-Id") or status.message_id or response.text
            return Reply(stage=Stage.API, code=response.status_code, text=str(own))
        return Reply(stage=Stage.API, code=_status(response), text=str(status.message_id))

    def _refused(self, error: AnymailAPIError) -> Transmission:
        answer = self._answer(error)
        if isinstance(answer, Broken):
            return broken_off(answer)
        self.mails += 1
        return Transmission(verdict=api_answers.judge(answer), stage=Stage.API, reply=self._without_key(answer).reply)

    def _answer(self, error: AnymailAPIError) -> Answer | Broken:
        response = error.response
        if isinstance(response, requests.Response):
            waits = response.headers.get("Retry-After", "")
            return api_answers.read(self.server.way, response.status_code, response.text, waits)
        if isinstance(response, dict) and "Error" in response:
            told = response["Error"]
            code, text = str(told.get("Code", "")), str(told.get("Message", ""))
            return Answer(way=self.server.way, status=_status(response), code=code, text=text)
        if error.__cause__ is None:  # Amazon said yes, without an id
            return Broken(stage=Stage.END, kind=Kind.GARBAGE, wrote_dot=True)
        cause = type(error.__cause__).__name__
        after = Broken(stage=Stage.END, kind=Kind.TIMEOUT if "Timeout" in cause else Kind.RESET, wrote_dot=True)
        return _BEFORE.get(cause, after)

    def _without_key(self, answer: Answer) -> Answer:
        """Some repeat what they refuse; their words are shown and kept."""
        return replace(answer, text=answer.text.replace(self.server.key, "***")) if self.server.key else answer


def _mark(mail: Rebuilt, way: Way) -> None:
    """So that what the provider tells of it names our Message-ID."""
    message_id = str(mail.extra_headers.get("Message-ID", "")).strip("<>")
    if way in _MARKED and len(message_id) <= LONGEST_MARK:
        mail.metadata = {MARK: message_id}  # type: ignore[attr-defined]  # read by Anymail


def _status(response: Any) -> int:
    """Of Amazon's answer."""
    return int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _worst_last(refused: Mapping[str, Refusal]) -> dict[str, Refusal]:
    """What names the recipient's own fault first: where one is at fault, the provider says nothing of the others."""
    return dict(sorted(refused.items(), key=lambda each: each[1].verdict.reason == "request_refused"))
