"""`flask outbox`: what is due, stuck, failed, and why, in a few lines that a tired operator understands."""

from collections.abc import Iterator

from ivr.db import Transaction
from ivr.moments import moment_of
from ivr.outbox import counts

DAY = 86_400_000  # ms
LATE = 120_000  # ms: what is due for longer is stuck
# What an operator can do about a reason; the others explain themselves.
ADVICE = {
    "operator": "our account or settings at the carrier: the code says which; nothing goes out until it is set right",
    "barred": "our account may not reach some country or number: allow the country, or leave the trial account",
    "filtered": "carriers take the words for spam: register the sender, or change the words",
    "poison": "a flow cannot be said: look into the log, and run flask flows check",
    "unreachable": "this number cannot be reached by this channel: somebody may have to call it",
    "unknown": "nobody knows whether it went out, so it was not sent again",
}


def lines(tx: Transaction, now: int) -> Iterator[str]:
    """The report, line by line."""
    found = counts.counts(tx, now - DAY)
    yield f"{'':<8}{'kind':<14}{'state':<14}{'why':<24}{'rows':>8}"
    for each in found:
        yield f"{each.channel:<8}{each.kind:<14}{each.state:<14}{each.why:<24}{each.rows:>8}".rstrip()
    if not found:
        yield "nothing was put into the outbox within a day"
    yield from (f"  {why}: {advice}" for why, advice in ADVICE.items() if any(each.why == why for each in found))
    yield from _held_up(tx, now)
    yield _oldest(tx, now)


def _held_up(tx: Transaction, now: int) -> Iterator[str]:
    for line in counts.lines(tx):
        if line.paused_until > now:
            until = moment_of(line.paused_until)
            yield f"HELD UP  {line.channel} by {line.number} until {until:%H:%M:%S}Z: {line.why}"


def _oldest(tx: Transaction, now: int) -> str:
    oldest, tick = counts.oldest_due(tx, now), counts.marked(tx, "tick")
    if tick is None or abs(now - tick) > LATE:
        return "STUCK  the clock does not tick: is `python -m workers.clock` running?"
    if oldest is None:
        return "nothing waits"
    waited = (now - oldest) // 1000
    stuck = "STUCK  is a worker running? " if now - oldest > LATE else ""
    return f"{stuck}the oldest one that is due has waited for {waited} s"
