"""What tests of calls and texts that go out share: people who set reminders, days that pass, and what came of it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from people import ASHA, Line

from ivr.models import Outgoing

TEXT, CALL = "1", "2"  # how it should reach them
CHECKIN, EXERCISE, HELLO = "1", "2", "3"  # what it should be
MORNING, NOON, EVENING = "1", "2", "3"  # 09:00, 12:30, 18:30
DAYS = {"daily": "1", "weekdays": "2", "weekly": "3", "monthly": "41", "seven": "42", "once": "43"}
KNOCK = "the time you chose"  # how a reminder begins


def meets(line: Line, number: str = ASHA, language: str = "1") -> None:
    """Somebody texts for the first time: English, if not another language, and answers are not kept."""
    for word in ("hello", language, "2"):
        line.texts(word, number)


def by_text(
    line: Line, days: str = "daily", when: str = NOON, what: str = HELLO, how: str = TEXT, number: str = ASHA
) -> str:
    """Sets a reminder by text, having met; `when` may be a time of the clock. What is answered at the end."""
    line.texts("reminders", number)
    keys = [what, how, *DAYS[days], *([when] if when in "123" else ["4", when])]
    return [line.texts(key, number) for key in keys][-1][0]


def by_keypad(line: Line, days: str = "daily", when: str = NOON, what: str = HELLO, how: str = TEXT) -> str:
    """Asha sets one on her first call. What she hears at the end."""
    call = line.rings().press("12")  # English; answers are not kept
    call.press("44").press(what + how + DAYS[days])  # settings, reminders
    said = call.press(when if when in "123" else "4" + when).listen()
    call.hang_up()
    return said


def at(line: Line, day: str, hour: str, zone: str = "Africa/Nairobi") -> None:
    """Turns the clock to this local moment."""
    line.clock.moment = datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def passes(line: Line, day: str, hour: str, zone: str = "Africa/Nairobi", number: str = ASHA) -> int:
    """How many reminders come by text in the first seconds from this local moment on."""
    before = len(knocks(line, number))
    at(line, day, hour, zone)
    for _ in range(3):
        line.later(seconds=1)
        line.ticks()
    return len(knocks(line, number)) - before


def knocks(line: Line, number: str = ASHA) -> list[str]:
    """All reminders that came by text."""
    return [text.body for text in line.carrier.inbox(number) if KNOCK in text.body]


def days_from(first: str, many: int) -> Iterator[str]:
    """So many dates."""
    begin = date.fromisoformat(first)
    return ((begin + timedelta(days=ahead)).isoformat() for ahead in range(many))


def states(line: Line) -> list[tuple[str, str]]:
    """Every row of the outbox, the oldest first: how it stands, and why."""
    rows = sorted(line.rows(Outgoing), key=lambda row: (row.created_at, row.due_at))
    return [(row.state, row.why) for row in rows]
