"""The fault runs in small: workers are killed and nothing is lost or sent twice. `make faults` does it in full."""

import pytest
from sqlalchemy import false, select

from faults import bells, plans, runs, stops
from faults.runs import Figures
from faults.wishes import Wish
from ivr.db import Statement
from ivr.models import Number
from ivr.outbox import claims

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


def test_a_carrier_in_trouble_makes_nothing_lost_or_sent_twice(database_url: str) -> None:
    holds(runs.run(database_url, plans.QUICK_TROUBLE))


def test_a_frozen_worker_that_wakes_too_late_sends_nothing_twice(database_url: str) -> None:
    figures = runs.run(database_url, plans.FROZEN)
    assert (figures.tally.sent, figures.tally.lost, figures.tally.twice) == (20, 0, 0), figures
    assert sum(figures.strikes.values()) > 0, figures


@pytest.mark.parametrize("wish", plans.MUTANTS, ids=lambda wish: wish.mutations[0])
def test_a_broken_outbox_is_noticed(sqlite_url: str, wish: Wish) -> None:
    assert runs.run(sqlite_url, wish).tally.twice > 0


def test_nothing_goes_out_whose_intent_came_after_a_stop(database_url: str) -> None:
    ended = stops.race(database_url, 200)
    assert (sum(ended.values()), ended["after STOP"]) == (200, 0), ended
    assert ended["submitting"], ended
    assert ended["suppressed"], ended


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_send_that_does_not_hold_the_number_is_noticed(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "_HOLD_NUMBERS", Statement(select(Number.id).where(false())))
    assert stops.race(database_url, 200)["after STOP"] > 0


def test_what_cannot_be_written_is_put_aside_and_holds_up_nothing(sqlite_url: str) -> None:
    figures = runs.run(sqlite_url, plans.QUICK_POISON)
    holds(figures)
    assert (figures.tally.sent, figures.tally.failed) == (45, 5)


def test_after_a_day_out_people_are_sent_one_text_at_most_and_no_faster_than_allowed(sqlite_url: str) -> None:
    figures = runs.run(sqlite_url, plans.QUICK_OUTAGE)
    holds(figures)
    assert figures.crowd.each == 1
    assert figures.crowd.second <= 2 * float(plans.QUICK_OUTAGE.rate), figures  # a busy machine makes some late
    assert figures.tally.sent > 0


def test_without_redis_reminders_are_neither_lost_nor_late(sqlite_url: str) -> None:
    rung = bells.ring(sqlite_url, plans.QUICK_BELL)
    assert (rung.tally.sent, rung.tally.lost, rung.tally.twice) == (rung.hours.reminders, 0, 0), rung
    assert rung.latest <= 60
