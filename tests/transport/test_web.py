import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from cartero.transport import web
from cartero.transport.line import EndedError
from cartero.transport.replies import Kind, Stage


@pytest.fixture
def listening():
    """Takes a connection, does what the test says with it, and closes it."""
    threads = []

    def listen(act):
        listener = socket.create_server(("127.0.0.1", 0))

        def run():
            sock, _ = listener.accept()
            with sock:
                act(sock)

        threads.append((threading.Thread(target=run, daemon=True), listener))
        threads[-1][0].start()
        return listener.getsockname()[1]

    yield listen
    for thread, listener in threads:
        thread.join(5)
        listener.close()


def ended(url, *, private_allowed=True, **how):
    with web.Session(private_allowed=private_allowed, **how) as session, pytest.raises(EndedError) as caught:
        session.post(url, data=b"x" * 5_000_000, timeout=(2, 0.3))
    return caught.value.broken


def test_a_request_is_answered_over_one_connection():
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(str(len(seen)).encode().rjust(2))
            seen.add(self.client_address)

        def log_message(self, *_): ...

    seen = set()
    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    with web.Session(private_allowed=True) as session:
        for _ in range(3):
            assert session.post(f"http://127.0.0.1:{server.server_port}/", data=b"x", timeout=2).status_code == 200
    server.shutdown()
    server.server_close()
    assert len(seen) == 1


def test_nobody_listens():
    broken = ended("http://127.0.0.1:1/")
    assert (broken.stage, broken.kind, broken.wrote_dot) == (Stage.CONNECT, Kind.REFUSED, False)


def test_silence_after_the_whole_request_leaves_a_doubt(listening):
    done = threading.Event()

    def act(sock):
        while not done.is_set() and sock.recv(1_000_000):
            pass

    broken = ended(f"http://127.0.0.1:{listening(act)}/")
    done.set()
    assert (broken.stage, broken.kind, broken.wrote_dot) == (Stage.END, Kind.TIMEOUT, True)


def test_a_server_that_stops_reading_has_not_got_it(listening):
    over = threading.Event()
    with web.Session(private_allowed=True) as session:
        port = listening(lambda sock: over.wait(5))
        with pytest.raises(EndedError) as caught:
            session.post(f"http://127.0.0.1:{port}/", data=b"x" * 50_000_000, timeout=(0.3, 0.3))
        over.set()
    assert caught.value.broken.wrote_dot is False


def test_what_is_not_tls_gets_no_word(listening):
    broken = ended(f"https://127.0.0.1:{listening(lambda sock: sock.sendall(b'HTTP/1.1 200 OK'))}/")
    assert (broken.stage, broken.wrote_dot) == (Stage.TLS, False)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://intern.example.com/", "10.1.2.3"),
        ("https://intern.example.com/", "127.0.0.1"),
        ("https://intern.example.com/", "169.254.169.254"),  # the metadata of clouds
        ("https://intern.example.com:8443/", "93.184.216.34"),  # no port of the web
        ("http://intern.example.com/", "93.184.216.34"),  # in clear
    ],
)
def test_a_private_address_is_never_asked(url, address):
    broken = ended(url, private_allowed=False, lookup=lambda *_: [address])
    assert (broken.stage, broken.kind) == (Stage.CONNECT, Kind.FORBIDDEN)


def test_the_address_that_was_checked_is_the_one_that_is_asked(listening):
    """A name that changes between check and use would answer otherwise the second time."""
    asked = []

    def lookup(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.1.2.3"]

    port = listening(lambda sock: (sock.recv(100), sock.sendall(b"HTTP/1.1 204 No\r\nContent-Length: 0\r\n\r\n")))
    with web.Session(private_allowed=True, lookup=lookup) as session:
        assert session.get(f"http://cambia.example.com:{port}/", timeout=2).status_code == 204
    assert asked == ["cambia.example.com"]
