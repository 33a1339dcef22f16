"""What goes out by itself: a reminder is set, falls due, is sent once, and its answer is understood."""

from datetime import timedelta

from people import ASHA, Line, a_reaching_line
from reaching import by_text, meets

from ivr.models import Outgoing, Schedule


def set_daily(line: Line, how: str = "1") -> None:
    """Asha sets a daily check-in at nine, by text."""
    line.texts("1")  # English
    line.texts("2")  # answers are not kept
    line.texts("reminders")
    for key in ("1", how, "1", "1", "2"):
        last = line.texts(key)
    assert last


def test_a_reminder_falls_due_is_sent_once_and_its_answer_is_understood(database_url: str) -> None:
    with a_reaching_line(database_url) as line:
        line.texts("hello")
        set_daily(line)
        assert len(line.rows(Schedule)) == 1
        line.clock.moment += timedelta(days=1)
        for _ in range(3):
            line.ticks()
        texts = [text.body for text in line.carrier.inbox(ASHA)]
        assert sum("the time you chose" in text for text in texts) == 1
        (row,) = line.rows(Outgoing)
        assert row.state == "delivered"
        assert "sleep" in line.texts("1")[0]


def test_after_stop_a_reminder_by_text_says_what_would_have_to_be_done_first(database_url: str) -> None:
    with a_reaching_line(database_url) as line:
        meets(line)
        line.texts("remove")  # a word that the carrier does not take for its own, and so still delivers to
        assert "START" in by_text(line)
        assert "START" in line.texts("tomorrow 10")[0]
        line.texts("START")
        assert "First" in by_text(line)
        assert len(line.rows(Schedule)) == 1


def test_a_reminder_by_text_leaves_whoever_is_on_the_line_where_they_are(database_url: str) -> None:
    with a_reaching_line(database_url) as line:
        meets(line)
        by_text(line, when="1")
        line.clock.moment += timedelta(hours=22, minutes=59)
        call = line.rings().press("1")
        line.later(minutes=2)
        line.ticks()
        assert any("the time you chose" in text.body for text in line.carrier.inbox(ASHA))
        assert "You hear a recording" not in call.press("2").listen()
