"""All that is tried, each as a line of the table: what was asked for, what came of it, and whether that is well."""

from collections.abc import Callable
from typing import NamedTuple

from faults import bells, plans, runs, stops
from faults.bells import Hours
from faults.counting import Tally
from faults.runs import Figures
from faults.wishes import Wish

HEADS = (
    *("run", "database", "strikes", "created", "sent", "suppressed", "missed", "failed", "pending", "lost", "twice"),
    *("longest", "most in 1 s", "seconds"),
)
OVER = 60.0  # seconds that a row may stay claimed or submitting when its lease is over, and that a reminder may be late


class Line(NamedTuple):
    """A run, as the table shows it."""

    cells: tuple[str, ...]
    is_well: bool


class Trial(NamedTuple):
    """A run that has a name and needs a database."""

    name: str
    run: Callable[[str], tuple[tuple[object, ...], bool]]


def every() -> list[Trial]:
    """In full."""
    return [
        *(_crew(wish) for wish in plans.FULL),
        Trial("STOP against a send", _stops),
        _bell(plans.BELL),
        *(_crew(wish) for wish in plans.MUTANTS),
    ]


def tried(trial: Trial, database: str, url: str) -> Line:
    """Does it."""
    counts, is_well = trial.run(url)
    return Line((trial.name, database, *map(str, counts)), is_well)


def _crew(wish: Wish) -> Trial:
    def run(url: str) -> tuple[tuple[object, ...], bool]:
        figures = runs.run(url, wish)
        second = figures.crowd.second if wish.speed == 1 else ""  # by a faster clock it says nothing
        about = (f"{figures.overdue / 1000:.0f} s", second, round(figures.seconds))
        return (sum(figures.strikes.values()), *_counts(figures.tally), *about), is_well(figures)

    return Trial(f"{wish.name} (must fail)" if wish.mutations else wish.name, run)


def is_well(figures: Figures) -> bool:
    """With a mutation, something must have been lost or sent twice; without, nothing."""
    tally, wish = figures.tally, figures.wish
    if wish.mutations:
        return tally.lost + tally.twice > 0
    if wish.fill and figures.crowd != (1, min(figures.crowd.second, float(wish.rate) + 1)):
        return False  # one more than the rate may come in a second: the first of them was late on its way
    return _holds(tally) and figures.overdue <= _over(wish) * 1000 and tally.failed == wish.poison


def _over(wish: Wish) -> float:
    """Nobody can look while the carrier is away; and under RQ whoever sweeps is killed too, and begins anew later."""
    return OVER + wish.then[0] + (OVER if wish.under_rq else 0.0)


def _bell(hours: Hours) -> Trial:
    def run(url: str) -> tuple[tuple[object, ...], bool]:
        rung = bells.ring(url, hours)
        counts = (len(hours.events), *_counts(rung.tally), f"{rung.latest:.0f} s", "", round(rung.seconds))
        return counts, _holds(rung.tally) and rung.tally.sent == hours.reminders and rung.latest <= OVER

    return Trial(hours.name, run)


def _stops(url: str) -> tuple[tuple[object, ...], bool]:
    """What was sent though its intent came after the STOP counts as sent twice: once more than it might."""
    ended = stops.race(url, stops.RACES)
    after = ended["after STOP"]
    counts = (stops.RACES, stops.RACES, ended["submitting"], ended["suppressed"], 0, 0, 0, 0, after, "", "", "")
    return counts, not after and sum(ended.values()) == stops.RACES


def _counts(tally: Tally) -> tuple[int, ...]:
    return (*tally[:4], *tally[5:9])


def _holds(tally: Tally) -> bool:
    return tally.is_conserved and not (tally.lost or tally.twice or tally.pending)
