"""Real HTTP servers on loopback that speak the APIs of mail providers, and answer otherwise when a test says so."""

import base64
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cartero.transport.ways import Way

KEY = "llave-de-api-muy-secreta-7719"


@dataclass(frozen=True)
class Taken:
    """A mail as the provider has it."""

    path: str
    to: tuple[str, ...]
    subject: str
    sender: str
    text: str
    html: str
    files: tuple[tuple[str, bytes], ...]
    headers: dict[str, str]
    raw: bytes = b""
    beside: Mapping[str, str] = field(default_factory=dict)  # what it shows again in what it tells of the mail later


@dataclass(kw_only=True)
class ProviderServer:
    way: Way
    taken: list[Taken] = field(default_factory=list)
    requests: int = 0

    def __post_init__(self) -> None:
        self.answers: list[tuple[int, str, dict[str, str]]] = []
        self.silent = threading.Event()
        self.over = threading.Event()

    def start(self) -> "ProviderServer":
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                server.serve(self)

            def log_message(self, *_: Any) -> None: ...

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def stop(self) -> None:
        self.over.set()
        self._http.shutdown()
        self._http.server_close()

    def answer(self, status: int, body: object, times: int = 1, **headers: str) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        self.answers += [(status, text, {name.replace("_", "-"): value for name, value in headers.items()})] * times

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.requests += 1
        if self.answers:
            status, text, headers = self.answers.pop(0)
        elif not self._is_known(handler):
            status, text, headers = 401, json.dumps({"message": "Unauthorized", "code": "unauthorized"}), {}
        else:
            mail = _READ[self.way](handler, body)
            self.taken.append(mail)
            status, text, headers = self._yes(mail)
        if self.silent.is_set():  # it has the mail, and never says so
            self.over.wait(10)
            handler.close_connection = True
            return
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(text)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(text.encode())

    def _is_known(self, handler: BaseHTTPRequestHandler) -> bool:
        said = handler.headers
        match self.way:
            case Way.POSTMARK:
                return said["X-Postmark-Server-Token"] == KEY
            case Way.BREVO:
                return said["api-key"] == KEY
            case Way.SENDGRID:
                return said["Authorization"] == f"Bearer {KEY}"
            case Way.MAILGUN:
                return said["Authorization"] == "Basic " + base64.b64encode(f"api:{KEY}".encode()).decode()
            case _:
                return "Credential=AKIA123/" in said["Authorization"]

    def _yes(self, mail: Taken) -> tuple[int, str, dict[str, str]]:
        number = len(self.taken)
        match self.way:
            case Way.POSTMARK:
                body = {"ErrorCode": 0, "Message": "OK", "MessageID": f"pm-{number}", "To": ", ".join(mail.to)}
                return 200, json.dumps(body), {}
            case Way.BREVO:
                return 201, json.dumps({"messageId": f"<brevo-{number}@smtp-relay.example.com>"}), {}
            case Way.SENDGRID:
                return 202, "", {"X-Message-Id": f"sg-{number}"}
            case Way.MAILGUN:
                return 200, json.dumps({"id": f"<mg-{number}@example.com>", "message": "Queued. Thank you."}), {}
            case _:
                return 200, json.dumps({"MessageId": f"ses-{number}"}), {}


def _postmark(handler: BaseHTTPRequestHandler, body: bytes) -> Taken:
    told = json.loads(body)
    headers = {each["Name"]: each["Value"] for each in told["Headers"]}
    if headers.get("X-PM-KeepID") != "true":  # it puts its own
        headers["Message-ID"] = "<suyo@mtasv.example.net>"
    return Taken(
        path=handler.path,
        to=tuple(told["To"].split(", ")),
        subject=told["Subject"],
        sender=told["From"],
        text=told["TextBody"],
        html=told.get("HtmlBody", ""),
        files=tuple((each["Name"], base64.b64decode(each["Content"])) for each in told.get("Attachments", [])),
        headers=headers | {"Reply-To": told.get("ReplyTo", "")},
        beside=told.get("Metadata", {}),
    )


def _brevo(handler: BaseHTTPRequestHandler, body: bytes) -> Taken:
    told = json.loads(body)
    return Taken(
        path=handler.path,
        to=tuple(each["email"] for each in told["to"]),
        subject=told["subject"],
        sender=f"{make_header(decode_header(told['sender']['name']))} <{told['sender']['email']}>",
        text=told["textContent"],
        html=told.get("htmlContent", ""),
        files=tuple((each["name"], base64.b64decode(each["content"])) for each in told.get("attachment", [])),
        headers=told.get("headers", {}) | {"Reply-To": told.get("replyTo", {}).get("email", "")},
        beside=json.loads(told.get("headers", {}).get("X-Mailin-custom", "{}")),
    )


def _sendgrid(handler: BaseHTTPRequestHandler, body: bytes) -> Taken:
    told = json.loads(body)
    contents = {each["type"]: each["value"] for each in told["content"]}
    return Taken(
        path=handler.path,
        to=tuple(to["email"] for each in told["personalizations"] for to in each["to"]),
        subject=told["subject"],
        sender=f"{told['from']['name']} <{told['from']['email']}>",
        text=contents["text/plain"],
        html=contents.get("text/html", ""),
        files=tuple((each["filename"], base64.b64decode(each["content"])) for each in told.get("attachments", [])),
        headers=told.get("headers", {}) | {"Reply-To": told.get("reply_to_list", [{"email": ""}])[0]["email"]},
        beside=told.get("custom_args", {}),
    )


def _mailgun(handler: BaseHTTPRequestHandler, body: bytes) -> Taken:
    """A form: who it goes to, and the mail as a file."""
    kind = handler.headers["Content-Type"].encode()
    form = message_from_bytes(b"Content-Type: " + kind + b"\r\n\r\n" + body, policy=policy.HTTP)
    named: dict[str, list[bytes]] = {}
    for part in form.iter_parts():
        name = part["Content-Disposition"].params["name"]
        boundary = b"--" + form.get_boundary().encode()
        raw = next(piece for piece in body.split(boundary) if f'name="{name}"'.encode() in piece[:300])
        named.setdefault(name, []).append(raw.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n"))
    to = tuple(
        part.get_content().strip() for part in form.iter_parts() if part["Content-Disposition"].params["name"] == "to"
    )
    return _of_raw(handler.path, to, named["message"][0])


def _ses(handler: BaseHTTPRequestHandler, body: bytes) -> Taken:
    told = json.loads(body)
    raw = base64.b64decode(told["Content"]["Raw"]["Data"])
    return _of_raw(handler.path, tuple(told["Destination"]["ToAddresses"]), raw)


def _of_raw(path: str, to: tuple[str, ...], raw: bytes) -> Taken:
    parsed = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    files = tuple((each.get_filename(), each.get_payload(decode=True)) for each in parsed.iter_attachments())
    return Taken(
        path=path,
        to=to,
        subject=parsed["Subject"],
        sender=parsed["From"],
        text=parsed.get_body(("plain",)).get_content(),
        html=parsed.get_body(("html",)).get_content(),
        files=files,
        headers={name: str(value) for name, value in parsed.items()},
        raw=raw,
    )


_READ = {
    Way.POSTMARK: _postmark,
    Way.BREVO: _brevo,
    Way.SENDGRID: _sendgrid,
    Way.MAILGUN: _mailgun,
    Way.SES: _ses,
}
