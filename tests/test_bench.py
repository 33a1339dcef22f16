"""The bench itself: that its webhooks are what the carrier sends, its turns are whole, its table reads. No timing."""

from pathlib import Path

from bench import crowd, line, reaching
from bench.figures import Figure, table
from bench.webhooks import PUBLIC, TOKEN, of_call
from ivr import outgoing
from ivr.carriers import twilio
from ivr.outbox import claims
from ivr.outbox.kinds import ROUTINE
from workers import duties


def test_a_webhook_is_signed_and_of_twilios_size() -> None:
    webhook = of_call(7, 3, "2")
    form = twilio.read_form(webhook.body)
    assert len(form.pairs) == 28
    assert 600 <= len(webhook.body) <= 700
    assert twilio.is_signed([TOKEN], PUBLIC + webhook.path, form, webhook.signature)


def test_prepared_calls_wait_at_a_menu_and_each_key_is_one_turn(tmp_path: Path) -> None:
    environment = line.settings(tmp_path)
    line.prepare(environment, 2)
    assert line.at_turn(environment, line.FIRST) == 2
    _, app = line.opened(environment)
    for turn in range(line.FIRST, line.FIRST + 1):
        assert b"<Gather" in line.answer(app, line.pressed(1, turn))
    assert line.at_turn(environment, line.FIRST + 1) == 1


def test_the_crowd_of_the_bench_fits_todays_tables(tmp_path: Path) -> None:
    with reaching.opened(line.settings(tmp_path), reaching.this_morning()) as house:
        crowd.gather(house, range(3), lambda _: house.now())
        crowd.put(house, "crisis", range(3, 5))
        crowd.crowd(house.database, 10, 20)
        assert duties.come_due(house) == 3
        with house.database.transaction() as tx:
            batch = claims.claim(tx, *reaching.LINE, ROUTINE, 100, house.now())
            assert batch
            assert len(outgoing.prepare(house, tx, batch, house.now())) == 5  # nothing is in their way


def test_a_figure_says_its_median_its_spread_and_whether_the_goal_is_met() -> None:
    figures = [Figure("a", "b", (3.0, 1.0, 2.0), at_most=2.2), Figure("c", "d", remark="no valgrind here")]
    lines = table(figures).splitlines()
    assert lines[1].split("  ")[0] == "a"
    assert "2.00x (1.00-3.00)  <= 2.20x  yes" in lines[1]
    assert lines[2].endswith("no valgrind here")
    assert [figure.met for figure in figures] == [True, None]
