"""How somebody wants to be rung: when it is safe, who may pick up, what may be said, and with whom they would talk."""

import json
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ivr.moments import moment_of, ms_of
from ivr.people.windows import WEEK, Window, bounds
from ivr.vault import Vault

CARD = "callbacks.card"

MORNING, AFTERNOON, EVENING = Window(time(8), time(12)), Window(time(12), time(17)), Window(time(17), time(21))
PARTS = {"morning": MORNING, "afternoon": AFTERNOON, "evening": EVENING}
NOW = "now"
ANY = "any"  # said in order to take back what was wished before
SOON = timedelta(hours=2)  # "now" said at night holds that long, and by day until the person's own hours end
AHEAD = 15  # days among which the next safe hours are looked for


class Wish(NamedTuple):
    """As it was answered; empty where it was not asked, and then the careful answer counts.

    `when` is now, morning, afternoon or evening; `day` a weekday, `today` or `tomorrow`, for once, then its date;
    `topic` and `name` are the person's own words; `alone` is `yes` when nobody else picks up; `voicemail` `yes` where a
    machine may be told a few neutral words; `ring_again` `yes` when they are to be rung once more after a call that
    broke off; `counselor` woman or man.
    """

    when: str = ""
    day: str = ""
    topic: str = ""
    alone: str = ""
    voicemail: str = ""
    name: str = ""
    ring_again: str = ""
    counselor: str = ""

    def sealed(self, vault: Vault, row: str) -> bytes:
        """As the request with this id keeps it."""
        words = {name: said for name, said in self._asdict().items() if said}
        return vault.seal(CARD, row, json.dumps(words).encode())

    @classmethod
    def opened(cls, vault: Vault, row: str, card: bytes | None) -> "Wish":
        """As the request with this id kept it; what is not known here any more is left out."""
        known = json.loads(vault.open(CARD, row, card)) if card else {}
        return cls(**{name: said for name, said in known.items() if name in cls._fields})

    @property
    def names_hours(self) -> bool:
        """Whether they said themselves when: such hours hold in danger too."""
        return bool(self.when or self.day)

    def over(self, older: "Wish") -> "Wish":
        """What is said now, and of what was said before the rest; `any` leaves nothing of it."""
        return Wish(*(new or old for new, old in zip(self, older, strict=True))).settled()

    def settled(self) -> "Wish":
        """Without what was taken back."""
        return Wish(*("" if said == ANY else said for said in self))


class Span(NamedTuple):
    """From when (ms, UTC) until when somebody may be rung; 0 and None: at any time."""

    from_at: int
    until_at: int | None

    def holds(self, now: int) -> bool:
        """Whether this moment lies in it."""
        return self.from_at <= now and (self.until_at is None or now < self.until_at)


def on_day(day: str, said: datetime) -> str:
    """The date that was meant by a weekday, `today` or `tomorrow`, said at this local moment; empty for none."""
    if day in ("today", "tomorrow"):
        return (said.date() + timedelta(days=day == "tomorrow")).isoformat()
    if day in WEEK:
        ahead = (WEEK.index(day) - said.weekday()) % 7 or 7
        return (said.date() + timedelta(days=ahead)).isoformat()
    return ""


def first_span(wish: Wish, own: Window, zone: ZoneInfo, now: int) -> Span:
    """The safe hours after it was asked: at once when they said so, until their own hours end."""
    if wish.when != NOW or wish.day:
        return next_span(wish, own, zone, now)
    soon, today = ms_of(moment_of(now) + SOON), bounds(own, moment_of(now).astimezone(zone).date(), zone)
    return Span(now, max(soon, ms_of(today[1])) if today else soon)


def next_span(wish: Wish, own: Window, zone: ZoneInfo, now: int) -> Span:
    """The next safe hours, or those that are open: the part of the day they chose, else their own hours.

    A day that was chosen counts once; when it has passed, every day does: nobody waits for ever.
    """
    window = PARTS.get(wish.when, own)
    today = moment_of(now).astimezone(zone).date()
    first = max(today, date.fromisoformat(wish.day)) if wish.day else today
    for day in (first + timedelta(days=ahead) for ahead in range(AHEAD)):
        open_for = bounds(window, day, zone)
        if open_for and ms_of(open_for[1]) > now:
            return Span(ms_of(open_for[0]), ms_of(open_for[1]))
    return Span(now, None)
