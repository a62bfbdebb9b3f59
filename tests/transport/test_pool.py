from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import pytest

from cartero.transport.opening import NotConnected
from cartero.transport.pool import Pool
from cartero.transport.replies import Pause, Sent, Stop, Verdict
from cartero.transport.smtp import Connection, Transmission
from tests.smtp import SmtpServer
from tests.transport.conftest import account_at

MESSAGE = b"Message-ID: <1@example.co>\r\n\r\nHola\r\n"
Until = Callable[[Callable[[], bool]], bool]
MakePool = Callable[..., Pool]


@pytest.fixture
def make_pool(smtp_server: SmtpServer) -> Iterator[MakePool]:
    made: list[Pool] = []

    def make(size: int, **options: float) -> Pool:
        made.append(Pool(account_at(smtp_server), size, **options))  # type: ignore[arg-type]  # as its parameters
        return made[-1]

    yield make
    for pool in made:
        pool.close()


def send(pool: Pool, recipient: str = "ana@example.co") -> Transmission:
    with pool.connection() as connection:
        assert isinstance(connection, Connection), connection
        done = connection.transmit("facturas@example.co", [recipient], MESSAGE)
        pool.learn(connection, done)
        return done


def test_one_connection_serves_many_mails(make_pool: MakePool, smtp_server: SmtpServer) -> None:
    pool = make_pool(4)
    assert [send(pool).verdict for _ in range(10)] == [Sent()] * 10
    assert smtp_server.counts["greeting"] == 1


def test_many_threads_never_open_more_than_the_accounts(make_pool: MakePool, smtp_server: SmtpServer) -> None:
    most: list[int] = []
    smtp_server.answer("mail", 421, "never", when=lambda moment: bool(most.append(moment.connections)))
    pool = make_pool(3)
    addresses = [f"u{number}@example.co" for number in range(60)]
    with ThreadPoolExecutor(8) as threads:
        verdicts = [done.verdict for done in threads.map(lambda address: send(pool, address), addresses)]
    assert verdicts == [Sent()] * 60
    assert max(most) <= 3
    assert smtp_server.count_by_recipient() == dict.fromkeys(addresses, 1)
    assert pool.in_use == 0


def test_who_comes_too_many_waits_for_a_turn(make_pool: MakePool, smtp_server: SmtpServer, until: Until) -> None:
    pool = make_pool(1)
    first = pool.borrow()
    assert isinstance(first, Connection)
    waiting = Thread(target=send, args=(pool,))
    waiting.start()
    waiting.join(0.1)
    assert waiting.is_alive()
    pool.give_back(first)
    assert until(lambda: not waiting.is_alive())
    assert smtp_server.counts["greeting"] == 1


@pytest.mark.parametrize("then", ["reset", "close"])
def test_a_broken_connection_costs_its_own_mail_only(make_pool: MakePool, smtp_server: SmtpServer, then: str) -> None:
    pool = make_pool(2)
    send(pool)
    smtp_server.answer("mail", then=then, times=1)
    assert send(pool).verdict != Sent()
    assert send(pool).verdict == Sent()
    assert smtp_server.counts["greeting"] == 2


def test_a_connection_the_server_has_closed_is_not_handed_out(
    make_pool: MakePool, smtp_server: SmtpServer, until: Until
) -> None:
    pool = make_pool(1)
    send(pool)
    smtp_server.drop_connections()
    assert until(lambda: not smtp_server.open)
    assert send(pool).verdict == Sent()
    assert smtp_server.counts["greeting"] == 2


def test_a_server_that_restarts_says_good_bye_first(make_pool: MakePool, smtp_server: SmtpServer, until: Until) -> None:
    pool = make_pool(1)
    send(pool)
    (sock,) = smtp_server.open
    sock.sendall(b"421 4.3.2 restarting\r\n")
    assert send(pool).verdict == Sent()
    assert smtp_server.counts["greeting"] == 2


def test_a_limit_of_mails_a_connection_is_learned(make_pool: MakePool, smtp_server: SmtpServer) -> None:
    smtp_server.answer("mail", 421, "4.7.0 enough", then="close", when=lambda moment: moment.mails >= 3)
    pool = make_pool(1)
    first = [send(pool).verdict == Sent() for _ in range(4)]
    assert (first, pool.per_connection) == ([True, True, True, False], 3)
    assert [send(pool).verdict for _ in range(9)] == [Sent()] * 9
    assert smtp_server.counts["greeting"] == 4  # three mails each, none refused again


def test_a_known_limit_is_kept_from_the_start(make_pool: MakePool, smtp_server: SmtpServer) -> None:
    pool = make_pool(1, per_connection=2)
    assert [send(pool).verdict for _ in range(6)] == [Sent()] * 6
    assert smtp_server.counts["greeting"] == 3
    assert smtp_server.counts["quit"] == 3


def test_more_connections_than_allowed_means_one_less(make_pool: MakePool, smtp_server: SmtpServer) -> None:
    smtp_server.answer("greeting", 421, "busy", then="close", when=lambda moment: moment.connections > 2)
    pool = make_pool(5)
    with ThreadPoolExecutor(5) as threads:
        verdicts = list(threads.map(lambda _: send(pool).verdict, range(40)))
    assert verdicts == [Sent()] * 40  # who was refused waited for another one
    first = pool.borrow()
    assert isinstance(first, Connection)
    second = pool.borrow()
    assert isinstance(second, Connection)
    third: list[object] = []
    waiting = Thread(target=lambda: third.append(pool.borrow()))
    waiting.start()
    waiting.join(0.1)
    pool.give_back(first)
    waiting.join(5)
    assert third == [first]
    assert pool.size == 2
    pool.give_back(first)
    pool.give_back(second)


REFUSALS: list[tuple[int, str, Verdict]] = [
    (421, "Too many connections", Pause(reason="too_many_connections", fewer_connections=True)),
    (421, "busy", Pause(reason="server_busy")),
    (554, "blocked", Stop(reason="blocked_here")),
]


@pytest.mark.parametrize(("code", "text", "verdict"), REFUSALS)
def test_the_first_connection_refused_is_told(
    make_pool: MakePool, smtp_server: SmtpServer, code: int, text: str, verdict: Verdict
) -> None:
    smtp_server.answer("greeting", code, text)
    pool = make_pool(2)
    opened = pool.borrow()
    assert isinstance(opened, NotConnected)
    assert (opened.verdict, pool.in_use, pool.size) == (verdict, 0, 2)


def test_idle_connections_are_closed(make_pool: MakePool, smtp_server: SmtpServer, until: Until) -> None:
    pool = make_pool(2, idle=0)
    send(pool)
    pool.close_idle()
    assert until(lambda: not smtp_server.open)
    assert smtp_server.counts["quit"] == 1


def test_a_smaller_pool_closes_what_is_too_many(make_pool: MakePool, smtp_server: SmtpServer, until: Until) -> None:
    pool = make_pool(3)
    borrowed = [pool.borrow() for _ in range(3)]
    for connection in borrowed[:2]:
        assert isinstance(connection, Connection)
        pool.give_back(connection)
    pool.resize(1)
    assert until(lambda: len(smtp_server.open) == 1)
    assert isinstance(borrowed[2], Connection)
    pool.give_back(borrowed[2])
    assert send(pool).verdict == Sent()
    assert smtp_server.counts["greeting"] == 3


def test_after_closing_nothing_stays_open(make_pool: MakePool, smtp_server: SmtpServer, until: Until) -> None:
    pool = make_pool(2)
    busy = pool.borrow()
    send(pool)
    pool.close()
    assert isinstance(busy, Connection)
    assert busy.transmit("facturas@example.co", ["ana@example.co"], MESSAGE).verdict == Sent()  # mid-air ones finish
    pool.give_back(busy)
    assert until(lambda: not smtp_server.open)
