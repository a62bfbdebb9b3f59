from cartero.cli.demonstration.bar import Bar


def test_without_a_terminal_it_writes_a_line_a_quarter(capsys):
    bar = Bar()
    for done in range(101):
        bar.tell("Importando", done, 100)
    bar.tell("Enviando", 1, 4)
    bar.end()
    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[-1] for line in lines] == ["0/100", "25/100", "50/100", "75/100", "100/100", "1/4"]
    assert lines[-1].startswith("Enviando ")


def test_nothing_to_do_is_all_done(capsys):
    Bar().tell("Enviando", 0, 0)
    assert "100%" in capsys.readouterr().err
