"""What a carrier answers when it is asked to carry something, and what each of its error codes means for us."""

from typing import NamedTuple

# What a code means. Sources: Twilio's error dictionary (twilio.com/docs/api/errors) and its messaging troubleshooting.
OPERATOR = "operator"  # our account or settings: nothing goes out until somebody has set it right
BARRED = "barred"  # our account may not reach this number: its country, its price, a number that a trial must verify
BUSY = "busy"  # too fast: slower, and again
STOPPED = "stopped"  # the person said STOP to the carrier
UNREACHABLE = "unreachable"  # this number can never be reached by this channel
PASSING = "passing"  # not now; perhaps later
FILTERED = "filtered"  # carriers took it for spam: never again as it is
CONTENT = "content"  # our mistake, or too late
HOLD_UP = (OPERATOR, BUSY)  # what concerns our number and not the person's: it waits, and loses nothing

_CODES = {
    OPERATOR: (20003, 20008, 21606, 30002, 30032, 30034, 30029, 30122),
    BARRED: (21408, 21215, 13227, 21608, 21219, 30010),  # one person's country or number: all others are still reached
    BUSY: (20429, 21611, 30001, 30022, 30023, 30027, 63018),
    STOPPED: (21610,),
    UNREACHABLE: (21211, 21214, 21217, 21614, 21635, 30005, 30006, 21216, 13225, 21612, 13224),
    PASSING: (30003, 30008, 30017, 30410, 14107, 22001),
    FILTERED: (30004, 30007),
    CONTENT: (21602, 21617, 30036, 12100, 12200),
}
_MEANING = {str(code): meaning for meaning, codes in _CODES.items() for code in codes}


class Accepted(NamedTuple):
    """The carrier has it, under this id."""

    sid: str


class Refused(NamedTuple):
    """The carrier said no, with its code: it will not go out."""

    code: str


class NotSent(NamedTuple):
    """The carrier surely did nothing: no connection, or too many requests. It may be asked again."""

    why: str


class Unknown(NamedTuple):
    """Nobody can say whether the carrier has it: the answer was lost, late or broken."""

    why: str


Answer = Accepted | Refused | NotSent | Unknown
UNASKED = NotSent("")  # by us, for it was too late: the carrier never heard of it


def meaning(code: str) -> str:
    """What an error code asks for; an unknown one is taken for a mistake of ours, which no repetition mends."""
    return _MEANING.get(code, CONTENT)
