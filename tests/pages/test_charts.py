import pytest

from cartero.pages import charts

STEPS = [
    (0, 1),
    (3, 1),  # a line for each document
    (24, 10),
    (1_412, 500),
    (1_000_000, 500_000),
]


@pytest.mark.parametrize(("most", "step"), STEPS)
def test_the_lines_stand_at_round_numbers(most, step):
    assert charts.nice_step(most) == step


def test_bars_stand_on_the_floor_and_stay_under_the_top():
    drawn = charts.bars([("jun", (1371, 12, 0)), ("jul", (776, 22, 614))], ("a", "b", "c"), ("A", "B", "C"))
    july = drawn.bars[1]
    assert july.parts[0].y + july.parts[0].height == pytest.approx(charts.FLOOR, abs=0.2)
    assert july.parts[-1].y >= charts.TOP
    assert [part.kind for part in drawn.bars[0].parts] == ["a", "b"]
    assert [line.value for line in drawn.lines] == [0, 500, 1000, 1500]


def test_one_in_a_thousand_is_still_seen():
    (bar,) = charts.bars([("jul", (1000, 1))], ("sent", "bounced"), ("", "")).bars
    assert bar.parts[1].height >= 1.5


def test_no_documents_make_no_bars():
    assert charts.bars([("jul", (0, 0))], ("a", "b"), ("", "")).bars[0].parts == []


def test_a_sparkline_keeps_its_limit_in_the_picture():
    line = charts.sparkline([0, 88, 118], limit=120)
    assert line.points.split()[0] == "0.0,62.0"
    assert line.limit == 8.0
