"""Kinds of what goes out, and which rules hold for each."""

from typing import NamedTuple

# Lanes: the lower, the sooner. Urgent and prompt ones have a worker of their own.
URGENT, PROMPT, ROUTINE = 0, 1, 2
TRIES = 3  # sendings of one text, while its failure is a passing one
AGAIN = 300_000  # ms between them


class Kind(NamedTuple):
    """The rules of one kind."""

    lane: int
    purpose: str = ""  # of the consent that it needs
    keeps_quiet: bool = False  # never within quiet hours
    capped: bool = False  # counts for, and is held by, the daily cap of a person
    rings_again: bool = False  # a call that nobody takes is tried again
    plain: bool = False  # says what it is about: to those on duty, in danger, or to what was just written
    goes_on: bool = False  # in a thread in which was asked before; all others open one
    answers: bool = False  # to whoever has just written it is an answer: then neither the night nor a cap holds it
    starts: bool = False  # the line starts it by itself: it rests where nobody answered whether all shall stop
    replies: bool = False  # to a text of theirs, as a webhook does: STOP holds for what comes by itself
    again: bool = False  # sent again when nobody can say whether it went out: better twice than never

    @property
    def unasked(self) -> bool:
        """Whether it comes by itself, and not because somebody has just asked for it."""
        return self.capped


KINDS = {
    "reminder": Kind(ROUTINE, "reminders", keeps_quiet=True, capped=True, rings_again=True, starts=True),
    "nudge": Kind(ROUTINE, "watch", keeps_quiet=True, capped=True, starts=True),
    "still_here": Kind(ROUTINE, keeps_quiet=True, capped=True, starts=True),  # after 45 silent days: shall it go on?
    # What a flow says when its question was not answered.
    "silence": Kind(ROUTINE, keeps_quiet=True, capped=True, goes_on=True),
    "answer": Kind(URGENT, plain=True, replies=True, again=True),  # to a text that no webhook could answer
    "ring_back": Kind(PROMPT),
    "desk_call": Kind(URGENT),  # a counselor's own phone, for somebody who asked for a call: they wait for it
    "confirmation": Kind(PROMPT, again=True),
    "crisis": Kind(URGENT, plain=True, again=True),
    "call_closed": Kind(ROUTINE, keeps_quiet=True, capped=True),  # a request that ended without a talk
    "desk_text": Kind(PROMPT, keeps_quiet=True, capped=True, answers=True, again=True),  # what a counselor wrote
    "desk_answer": Kind(PROMPT),  # to the counselor: they have answered
    "news": Kind(ROUTINE),  # to those on duty: somebody waits
    "alert": Kind(URGENT, plain=True, again=True),  # to those on duty
}
