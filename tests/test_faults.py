"""The fault runs in small: workers are killed and nothing is lost or sent twice. `make faults` does it in full."""

import pytest

from faults import plans, runs
from faults.runs import Figures, Wish

SLACK = 3  # seconds on the wall that a busy machine may take


def holds(figures: Figures) -> None:
    """What must be so after every run."""
    assert figures.tally.is_conserved, figures
    assert (figures.tally.lost, figures.tally.twice, figures.tally.pending) == (0, 0, 0), figures
    assert figures.overdue <= 60_000 + SLACK * 1000 * figures.wish.speed, figures


def test_killed_workers_lose_nothing_and_send_nothing_twice(database_url: str) -> None:
    figures = runs.run(database_url, plans.QUICK_KILLS)
    holds(figures)
    assert sum(figures.strikes.values()) >= 5, figures


@pytest.mark.parametrize("wish", plans.MUTANTS, ids=lambda wish: wish.mutations[0])
def test_a_broken_outbox_is_noticed(sqlite_url: str, wish: Wish) -> None:
    assert runs.run(sqlite_url, wish).tally.twice > 0
