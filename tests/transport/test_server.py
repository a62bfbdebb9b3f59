from cartero.transport.server import Timeouts


def test_the_timeouts_are_those_of_rfc_5321() -> None:
    timeouts = Timeouts()
    assert (timeouts.connect, timeouts.command, timeouts.data) == (30, 300, 120)
    assert (timeouts.write, timeouts.end) == (180, 600)


def test_all_of_them_are_scaled() -> None:
    assert Timeouts().scaled(0.01) == Timeouts(connect=0.3, command=3, data=1.2, write=1.8, end=6, quit=0.05)
