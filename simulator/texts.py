"""Texts as a carrier sees them: one message, its billed segments, and the words it answers itself."""

from dataclasses import dataclass, field
from datetime import datetime

from gsm0338 import Codec

STOP = frozenset(["stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel"])
START = frozenset(["start", "yes", "unstop"])
GSM = Codec()

HELP = frozenset(["help", "info"])

# Source: Twilio's documentation of default opt-out keywords for long codes.
STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe."
)
STARTED = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."


@dataclass
class Message:
    """One text in either direction. `line` is the service's number, `phone` the person's."""

    sid: str
    phone: str
    line: str
    from_: str
    to: str
    body: str
    direction: str
    status: str
    created: datetime
    callback: str = ""
    by_carrier: bool = False
    error_code: int | None = None
    sent: datetime | None = None
    updated: datetime | None = None
    statuses: list[str] = field(default_factory=list)

    @property
    def comes(self) -> bool:
        """The person gets it."""
        return self.direction != "inbound" and self.status not in ("undelivered", "failed")

    @property
    def segments(self) -> int:
        """How many parts the carrier bills."""
        return segments(self.body)


def carriers_word(body: str) -> str:
    """`stop`, `start` or `help` where the whole text is such a word of the carrier, else nothing."""
    word = body.strip().lower()
    return "stop" if word in STOP else "start" if word in START else "help" if word in HELP else ""


def segments(body: str) -> int:
    """Parts of 160 or 153 characters of the GSM alphabet; of 70 or 67 where one letter is not in it."""
    try:
        sizes = [len(GSM.encode(letter)[0]) for letter in body]
        whole, part = 160, 153
    except UnicodeError:
        sizes = [len(letter.encode("utf-16-be", "surrogatepass")) // 2 for letter in body]
        whole, part = 70, 67
    return 1 if sum(sizes) <= whole else _parts(sizes, part)


def _parts(sizes: list[int], most: int) -> int:
    """A letter that takes two places is never split."""
    parts, used = 1, 0
    for size in sizes:
        if used + size > most:
            parts, used = parts + 1, 0
        used += size
    return parts
