from datetime import UTC, datetime, timedelta

import pytest

from cartero.transport.history import History, Lesson, Outcome, learn, outlast
from cartero.transport.replies import Doubt, Fail, Later, Pause, Sent, Stop, Verdict

BROKE = Later(reason="line_broke", hang_up=True)
CLOSED = Later(reason="closing", hang_up=True)
SPAM = Fail(reason="content_refused")
REFUSED = Fail(reason="recipient_refused")
NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


def tell(
    *verdicts: Verdict, domain: str = "d%d.example.co", text: str = "550 rejected: u%d@d.co (id 77%d)"
) -> list[Lesson]:
    """The lessons of these outcomes, in order; each delivery has a number of its own, which stands for %d."""
    lessons: list[Lesson] = []
    history = History()
    for key, verdict in enumerate(verdicts, 1):
        recipient = f"u@{domain % key if '%' in domain else domain}"
        shown = text % ((key,) * text.count("%d"))
        lessons.append(learn(history, Outcome(key=key, verdict=verdict, recipient=recipient, text=shown)))
        history = lessons[-1].history
    return lessons


@pytest.mark.parametrize(
    ("verdicts", "last"),
    [
        ([BROKE] * 2, None),
        ([BROKE] * 3, Pause(reason="line_keeps_breaking")),
        ([BROKE, BROKE, Sent(), BROKE], None),  # not in a row
        ([BROKE, BROKE, Later(reason="deferred"), BROKE], None),  # a whole reply came in between
        ([Later(reason="left_over", at_once=True)] * 3, Pause(reason="mails_refused")),  # or for ever
        ([Later(reason="deferred")] * 20, None),
        ([CLOSED] * 9, None),
        ([CLOSED] * 10, Pause(reason="server_busy")),
        ([CLOSED] * 9 + [Sent(), CLOSED], None),  # it closes after so many mails
        ([SPAM] * 4, None),
        ([SPAM] * 5, Stop(reason="content_keeps_failing")),
        ([SPAM] * 4 + [Sent(), SPAM], None),
        ([SPAM] * 4 + [BROKE, SPAM], Stop(reason="content_keeps_failing")),  # a broken line says nothing of content
        ([REFUSED] * 9, None),
        ([REFUSED] * 10, Stop(reason="all_refused")),
        ([REFUSED] * 9 + [Sent(), REFUSED], None),
        ([REFUSED] * 9 + [Fail(reason="no_mailbox"), REFUSED], None),
        ([Fail(reason="no_mailbox")] * 30, None),  # an enhanced code says whose fault it is
        ([Doubt(reason="broken_after_dot")] * 10, None),
    ],
)  # fmt: skip
def test_in_a_row(verdicts: list[Verdict], last: Verdict | None) -> None:
    *before, final = tell(*verdicts)
    assert [lesson.verdict for lesson in before] == [None] * len(before)
    assert final.verdict == last


def test_the_ten_go_back_to_wait() -> None:
    lesson = tell(*[SPAM] * 2, *[REFUSED] * 10)[-1]
    assert lesson.innocent == tuple(range(3, 13))
    assert lesson.history == History()


def test_ten_mailboxes_of_one_company_may_all_be_gone() -> None:
    assert tell(*[REFUSED] * 20, domain="una.example.co")[-1].verdict is None


def test_other_words_are_another_cause() -> None:
    assert tell(*[REFUSED] * 20, text="550 no " + "x%d y" )[-1].verdict == Stop(reason="all_refused")  # fmt: skip
    history = History()
    for key in range(20):
        words = "550 unknown" if key % 2 else "550 unwanted"
        lesson = learn(history, Outcome(key=key, verdict=REFUSED, recipient=f"u@d{key}.co", text=words))
        history = lesson.history
        assert lesson.verdict is None


@pytest.mark.parametrize(
    ("reason", "minutes", "verdict"),
    [
        ("tls_unavailable", 14, Pause(reason="tls_unavailable")),
        ("tls_unavailable", 15, Stop(reason="tls_unavailable")),
        ("tls_broken", 15, Stop(reason="tls_broken")),
        ("login_busy", 15, Stop(reason="login_busy")),
        ("mails_refused", 15, Stop(reason="mails_refused")),
        ("no_answer", 600, Pause(reason="no_answer")),  # a server may be down for a night
        ("no_answer", 2879, Pause(reason="no_answer")),
        ("no_answer", 2880, Stop(reason="no_answer")),
        ("too_fast", 600, Pause(reason="too_fast")),
    ],
)
def test_outlast(reason: str, minutes: int, verdict: Verdict) -> None:
    assert outlast(Pause(reason=reason), NOW - timedelta(minutes=minutes), NOW) == verdict


def test_a_pause_that_begins_now_is_no_stop() -> None:
    assert outlast(Pause(reason="login_busy"), None, NOW) == Pause(reason="login_busy")
