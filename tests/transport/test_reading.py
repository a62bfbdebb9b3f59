import pytest

from cartero.transport.reading import LIMIT, GarbageError, ReplyReader

WHOLE = [
    (b"250 ok\r\n", (250, "ok")),
    (b"250\r\n", (250, "")),
    (b"250 ok\n", (250, "ok")),  # a bare line feed
    (b"250-one\r\n250-two\r\n250 three\r\n", (250, "one\ntwo\nthree")),
    (b"250-one\r\n550 mixed\r\n", (550, "one\nmixed")),  # the last line's code
    ("250 recibido, señora\r\n".encode(), (250, "recibido, señora")),
    (b"250 \xff\r\n", (250, "\udcff")),  # no UTF-8
    (b"250 " + b"x" * 2000 + b"\r\n", (250, "x" * 2000)),  # over 512 octets
    (b"250-a\r\n" * 9000 + b"250 b\r\n", (250, "a\n" * 9000 + "b")),
]


@pytest.mark.parametrize(("data", "expected"), WHOLE)
def test_a_whole_reply(data: bytes, expected: tuple[int, str]) -> None:
    reader = ReplyReader()
    reader.feed(data)
    assert reader.take() == expected
    assert not reader.has_more


@pytest.mark.parametrize(("data", "expected"), WHOLE[:7])
def test_a_reply_byte_by_byte(data: bytes, expected: tuple[int, str]) -> None:
    reader = ReplyReader()
    for at in range(len(data) - 1):
        reader.feed(data[at : at + 1])
        assert reader.take() is None
    reader.feed(data[-1:])
    assert reader.take() == expected


def test_two_replies_in_one_packet() -> None:
    reader = ReplyReader()
    reader.feed(b"250 one\r\n354 two\r\n250")
    assert (reader.take(), reader.take(), reader.take()) == ((250, "one"), (354, "two"), None)
    assert reader.has_more


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        b"HTTP",  # seen before its line ends
        b"\x15\x03\x01\x00\x02",  # a TLS alert
        b"25\r\n",
        b"\r\n",
        b"950 ok\r\n",
        b"250_ok\r\n",
        b"250-a\r\nbye\r\n",
        b"250-a\r\n" * 10_000,  # 70 KB, no end
        b"250-" + b"x" * LIMIT,
        b"250-" + b"x" * LIMIT + b"\r\n250 ok\r\n",
    ],
)
def test_garbage(data: bytes) -> None:
    reader = ReplyReader()
    reader.feed(data)
    with pytest.raises(GarbageError):
        reader.take()
