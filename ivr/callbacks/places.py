"""Where a request stands, and why: an order that a counselor can explain to whoever waits.

Urgent ones come first, by when they became so. All others by how long they wait, with a head start for whoever asks for
the first time; who was reached often today comes after those who wait since yesterday. A place is a moment that never
moves back, so everybody is overtaken by few, and nobody for ever. Sources: a helpline on which 0.1 % of callers made
62 % of the calls, and first-time callers were far less often answered (doi 10.1177/00048674251361753).
"""

from typing import NamedTuple

HOUR = 3_600_000  # ms
URGENT_LANE, USUAL_LANE = 0, 1
URGENT, FIRST, USUAL, OFTEN = "urgent", "first", "usual", "often"
HEAD_START, AFTER_OTHERS = 2 * HOUR, 24 * HOUR
MOST_A_DAY = 3  # talks within 24 hours, after which others come first


class Place(NamedTuple):
    """Within its lane the earliest `at` (ms, UTC) is next."""

    lane: int
    at: int
    why: str


class Known(NamedTuple):
    """What counts of somebody's earlier requests: how many there were, and how many talks in the last 24 hours."""

    before: int
    reached_today: int


def place(known: Known, is_urgent: bool, now: int) -> Place:
    """Where a request of somebody who asks now comes to stand."""
    if is_urgent:
        return Place(URGENT_LANE, now, URGENT)
    if known.reached_today >= MOST_A_DAY:
        return Place(USUAL_LANE, now + AFTER_OTHERS, OFTEN)
    if not known.before:
        return Place(USUAL_LANE, now - HEAD_START, FIRST)
    return Place(USUAL_LANE, now, USUAL)
