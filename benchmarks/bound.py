"""The limits: the same work with nothing around it. As a program, one of the two processes of a run.

`at_hand`: claim, ZIP, MIME, pipelined SMTP, outcomes in groups. `rendered`: the same, each PDF drawn by Typst first.
`typst`: the pages alone, QR included. No Django, no step that guards against a fault.
"""

import argparse
import json
import socket
import sys
import time
import zlib
from base64 import b64encode
from binascii import b2a_base64
from pathlib import Path
from struct import pack
from typing import Any

import psycopg
from isal import isal_zlib

from benchmarks import documents
from benchmarks.peers.work import HTML, TEXT
from cartero.invoices import serial

GROUP = 100
CLAIM = """UPDATE bound_delivery SET status = 'claimed'
           WHERE id IN (SELECT id FROM bound_delivery WHERE status = 'pending'
                         ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING id, facts"""
RECORD = "UPDATE bound_delivery SET status = 'accepted', reply = 'ok', at = now() WHERE id = ANY (%s)"
TABLE = """DROP TABLE IF EXISTS bound_delivery;
           CREATE TABLE bound_delivery (id bigint PRIMARY KEY, status text NOT NULL, facts jsonb NOT NULL, reply text,
                                        at timestamptz);
           CREATE INDEX ON bound_delivery (id) WHERE status = 'pending';
           CREATE INDEX ON bound_delivery (status, id)"""


def fill(url: str, manifest: Path, first: int, count: int) -> None:
    """The rows of a run: documents number `first` and following."""
    with psycopg.connect(url) as database, database.cursor() as cursor:
        cursor.execute(TABLE)
        with cursor.copy("COPY bound_delivery (id, status, facts) FROM STDIN") as copy:
            for each in documents.read(manifest):
                position = int(each.number.removeprefix("FEB"))
                if first <= position < first + count:
                    copy.write_row((position, "pending", json.dumps(vars(each))))
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("VACUUM ANALYZE bound_delivery")


class Line:
    """One connection to the server, kept."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._replies = self._socket.makefile("rb")
        self._reply(1)
        self._socket.sendall(b"EHLO bound.example.co\r\n")
        self._reply(1)

    def send(self, to: str, message: bytes) -> None:
        self._socket.sendall(f"MAIL FROM:<a@banco.example.co>\r\nRCPT TO:<{to}>\r\nDATA\r\n".encode())
        self._reply(3)
        self._socket.sendall(message.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        self._reply(1)

    def _reply(self, count: int) -> None:
        while count:
            line = self._replies.readline()
            if line[:1] not in b"23":
                sys.exit(f"the server says {line!r}")
            count -= line[3:4] == b" "


def zipped(entries: list[tuple[bytes, bytes]]) -> bytes:
    """A ZIP of names and contents, deflated by ISA-L."""
    local, central, offset = [], [], 0
    for name, content in entries:
        packed = isal_zlib.compress(content, 1, -15)
        facts = pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x5B41, zlib.crc32(content), len(packed), len(content), len(name), 0)
        local += [b"PK\x03\x04", facts, name, packed]
        central += [b"PK\x01\x02\x14\x03", facts, pack("<HHHII", 0, 0, 0, 0o644 << 16, offset), name]
        offset += 30 + len(name) + len(packed)
    size = sum(map(len, central))
    end = pack("<IHHHHIIH", 0x06054B50, 0, 0, len(entries), len(entries), size, offset, 0)
    return b"".join([*local, *central, end])


def composed(facts: dict[str, Any], archive: bytes) -> bytes:
    number = facts["number"]
    fields = {"number": number, "total": facts["total"]}
    encoded = b2a_base64(archive, newline=False)
    lines = b"\r\n".join([encoded[start : start + 76] for start in range(0, len(encoded), 76)])
    text, html = (b64encode(body.format(**fields).encode()) for body in (TEXT, HTML))
    return b"".join(
        (
            f"From: Banco de Pruebas <a@banco.example.co>\r\nTo: {facts['email']}\r\nSubject: {number}\r\n".encode(),
            f"Message-ID: <{number}@banco.example.co>\r\nDate: Thu, 1 Oct 2026 09:00:00 -0500\r\n".encode(),
            b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="m"\r\n\r\n--m\r\n',
            b'Content-Type: multipart/alternative; boundary="a"\r\n\r\n--a\r\n',
            b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
            _wrapped(text),
            b"\r\n--a\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
            _wrapped(html),
            f'\r\n--a--\r\n\r\n--m\r\nContent-Type: application/zip; name="{number}.zip"\r\n'.encode(),
            b"Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n",
            lines,
            b"\r\n--m--\r\n",
        )
    )


def work(kind: str, url: str, files: Path, port: int) -> int:
    """Until nothing is left; how many were done."""
    line = Line(port) if kind != "typst" else None
    done = 0
    with psycopg.connect(url, autocommit=True, prepare_threshold=0) as database:
        while rows := database.execute(CLAIM, [GROUP if kind == "at_hand" else 20]).fetchall():
            for _id, facts in rows:
                container = documents.path(files, facts["container"]).read_bytes()
                pdf = b"" if kind == "at_hand" else documents.drawn(serial.from_json(facts["data"]), container)
                if line is not None:
                    pdf = pdf or documents.path(files, facts["pdf"]).read_bytes()
                    name = facts["number"].encode()
                    archive = zipped([(name + b".xml", container), (name + b".pdf", pdf)])
                    line.send(facts["email"], composed(facts, archive))
            database.execute(RECORD, [[row[0] for row in rows]])
            done += len(rows)
    return done


def _wrapped(encoded: bytes) -> bytes:
    return b"\r\n".join([encoded[start : start + 76] for start in range(0, len(encoded), 76)])


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--kind", choices=["at_hand", "rendered", "typst"], required=True)
    arguments.add_argument("--url", required=True)
    arguments.add_argument("--files", type=Path, required=True)
    arguments.add_argument("--port", type=int, required=True)
    asked = arguments.parse_args()
    if asked.kind != "at_hand":
        documents.drawn(documents.invoice(1), b"<a/>")  # fonts are read once
    print("ready", flush=True)
    sys.stdin.readline()
    began = time.process_time()
    done = work(asked.kind, asked.url, asked.files, asked.port)
    print(json.dumps({"done": done, "cpu": time.process_time() - began}), flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main()
