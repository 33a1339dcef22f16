"""The line of requests: who is next and why, taken by one counselor at a time, back in its place, never lost."""

import threading
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pytest
from desk import a_counselor, somebody_asks
from hypothesis import given
from hypothesis import strategies as st
from people import Line, a_line
from sqlalchemy import update

from ivr.callbacks import claims, outcomes, places, queue
from ivr.callbacks.claims import Claim
from ivr.callbacks.places import Known, place
from ivr.callbacks.requests import ASKED, URGENT
from ivr.models import Callback, Entry
from ivr.team import audit
from ivr.team.counselors import Member
from workers import duties

DAY = 86_400_000  # ms


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    with a_line(database_url) as line:
        yield line


def next_for(line: Line, who: Member) -> Claim | None:
    with line.runtime.database.transaction() as tx:
        return claims.take_next(tx, who, line.clock.now())


def is_reached(line: Line, who: Member) -> None:
    """The next one is rung, and talked with."""
    claim = next_for(line, who)
    assert claim
    with line.runtime.database.transaction() as tx:
        assert outcomes.close(tx, who, claim.id, "reached", line.clock.now())


def all_for(line: Line, who: Member) -> list[str]:
    """Whom this counselor is given, one after the other, by the languages and numbers of their requests."""
    taken = []
    while claim := next_for(line, who):
        taken.append(claim.id)
    return taken


def order(line: Line) -> list[str]:
    with line.runtime.database.transaction() as tx:
        return [each.id for each in queue.first(tx, 100)]


def ids(line: Line) -> list[str]:
    """All requests, as they were asked for."""
    return [row.id for row in sorted(line.rows(Callback), key=lambda row: row.created_at)]


def test_who_waits_longest_is_next_and_urgent_ones_before_all_others(line: Line) -> None:
    who = a_counselor(line)
    for n in range(4):
        line.later(minutes=1)
        somebody_asks(line, n, URGENT if n == 2 else ASKED, when="now")
    asked = ids(line)
    assert all_for(line, who) == [asked[2], asked[0], asked[1], asked[3]]
    assert next_for(line, who) is None


def test_fifty_counselors_who_race_for_a_thousand_requests_get_each_once(line: Line) -> None:
    members = [a_counselor(line, f"c{n}") for n in range(50)]
    for n in range(1000):
        somebody_asks(line, n, when="now")
    taken: list[str] = []

    def work(mine: list[Member]) -> None:
        for _ in range(1000):
            for who in mine:
                claim = next_for(line, who)
                if claim is None:
                    return
                taken.append(claim.id)

    threads = [threading.Thread(target=work, args=(members[n::8],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(taken) == Counter(ids(line))
    assert {row.state for row in line.rows(Callback)} == {"claimed"}
    with line.runtime.database.transaction() as tx:
        assert list(audit.faults(tx)) == []


def test_what_somebody_takes_and_does_nothing_about_comes_back_to_its_place(line: Line) -> None:
    first, second = a_counselor(line), a_counselor(line, "second")
    somebody_asks(line, 1, when="now")
    line.later(minutes=1)
    somebody_asks(line, 2, when="now")
    before = order(line)
    claim = next_for(line, first)
    assert claim and claim.id == before[0]
    line.later(minutes=29)
    with line.runtime.database.transaction() as tx:
        held = claims.take(tx, second, claim.ref, line.clock.now())
    assert isinstance(held, claims.Held) and held.login == "first"
    line.later(minutes=1)
    duties.keep_the_queue(line.runtime)
    assert order(line) == before
    assert [row.what for row in line.rows(Entry) if row.about == claim.id][-1] == "back in line"
    taken = next_for(line, second)
    assert taken and taken.id == before[0]


def test_an_urgent_one_comes_back_sooner(line: Line) -> None:
    first, second = a_counselor(line), a_counselor(line, "second")
    somebody_asks(line, 1, URGENT)
    assert next_for(line, first)
    line.later(minutes=9)
    assert next_for(line, second) is None
    line.later(minutes=1)
    assert next_for(line, second)  # also when no clock has looked


def test_a_late_counselor_changes_nothing_of_what_is_not_theirs_any_more(line: Line) -> None:
    first, second = a_counselor(line), a_counselor(line, "second")
    somebody_asks(line, 1, when="now")
    claim = next_for(line, first)
    assert claim
    line.later(minutes=31)
    assert next_for(line, second)
    now, home = line.clock.now(), line.runtime.content.hours.zone
    with line.runtime.database.transaction() as tx:
        assert not outcomes.close(tx, first, claim.id, "reached", now)
        assert outcomes.tried(tx, line.runtime.vault, first, claim.id, "busy", home, now) is None
        assert not claims.give_back(tx, first, claim.id, now)
        assert not claims.extend(tx, first, claim.id, now)
        assert not outcomes.put_off(tx, first, claim.id, 30, now)
        assert outcomes.close(tx, second, claim.id, "reached", now)


def test_nobody_is_rung_outside_of_the_hours_that_they_said(line: Line) -> None:
    who = a_counselor(line)
    somebody_asks(line, 1, when="evening")
    for hours in (0, 1, 5):
        line.later(hours=hours)
        assert next_for(line, who) is None
    line.later(hours=2)  # six in the evening
    assert next_for(line, who)


def test_safe_hours_that_passed_are_followed_by_the_next_ones(line: Line) -> None:
    who = a_counselor(line)
    somebody_asks(line, 1, when="morning")
    line.later(hours=3)
    duties.keep_the_queue(line.runtime)
    assert next_for(line, who) is None
    line.later(hours=19)
    duties.keep_the_queue(line.runtime)
    assert next_for(line, who)


def test_a_card_that_nobody_can_read_holds_up_no_other_request(line: Line) -> None:
    for n in (1, 2):
        somebody_asks(line, n, when="morning")
    broken, other = ids(line)
    with line.runtime.database.engine.begin() as connection:
        connection.execute(update(Callback).where(Callback.id == broken).values(card=b"torn"))
    line.later(hours=22)
    duties.keep_the_queue(line.runtime)
    from_at = {row.id: row.from_at for row in line.rows(Callback)}
    assert from_at[other] > from_at[broken]


def test_what_is_put_off_is_in_line_again(line: Line) -> None:
    who = a_counselor(line)
    somebody_asks(line, 1, when="now")
    claim = next_for(line, who)
    assert claim
    with line.runtime.database.transaction() as tx:
        assert outcomes.put_off(tx, who, claim.id, 30, line.clock.now())
    assert [(row.state, row.counselor_id) for row in line.rows(Callback)] == [("requested", None)]
    line.later(minutes=29)
    assert next_for(line, who) is None
    line.later(minutes=1)
    assert next_for(line, who)


def test_a_day_that_was_chosen_counts_once(line: Line) -> None:
    who = a_counselor(line)
    somebody_asks(line, 1, day="wednesday", when="morning")
    line.later(days=1)
    duties.keep_the_queue(line.runtime)
    assert next_for(line, who) is None
    line.later(days=1)
    assert next_for(line, who)
    line.later(days=1)
    duties.keep_the_queue(line.runtime)
    assert next_for(line, who)


@pytest.mark.parametrize("speaks", [("en",), ("es",), ("sw",)])
def test_each_counselor_is_given_those_whose_language_they_speak(line: Line, speaks: tuple[str, ...]) -> None:
    who = a_counselor(line, speaks=speaks)
    for n, language in enumerate(("en", "es", "sw") * 3):
        somebody_asks(line, n, language=language, when="now")
    given_to = all_for(line, who)
    assert {row.language for row in line.rows(Callback) if row.id in given_to} == set(speaks)
    assert len(given_to) == 3


def test_ten_times_the_load_in_one_language_makes_nobody_wait_longer_in_another(line: Line) -> None:
    who = a_counselor(line)
    for n in range(44):
        line.later(minutes=1)
        somebody_asks(line, n, language="sw" if n % 11 == 10 else "en", when="now")
    asked, given_to = ids(line), all_for(line, who)
    assert given_to == asked  # one line: who asked first is first, in whatever language


def test_a_wish_for_a_woman_is_kept_and_nobody_waits_for_ever(line: Line) -> None:
    woman, man = a_counselor(line, gender="woman"), a_counselor(line, "second", gender="man")
    somebody_asks(line, 1, counselor="woman", when="now")
    assert next_for(line, man) is None
    claim = next_for(line, woman)
    assert claim
    with line.runtime.database.transaction() as tx:
        claims.give_back(tx, woman, claim.id, line.clock.now())
    line.later(hours=4)
    assert next_for(line, man)


def test_who_asks_for_the_first_time_has_a_head_start_of_two_hours(line: Line) -> None:
    who = a_counselor(line)
    for n in (1, 2):
        somebody_asks(line, n, when="now")
        is_reached(line, who)
    line.later(days=2)
    somebody_asks(line, 1, when="now")
    line.later(minutes=119)
    somebody_asks(line, 3, when="now")
    line.later(minutes=2)
    somebody_asks(line, 4, when="now")
    opened = [row for row in line.rows(Callback) if row.closed_at is None]
    why = {row.id: row.place_why for row in opened}
    assert [why[id] for id in order(line)] == ["first", "usual", "first"]


def test_who_was_reached_often_today_comes_after_others_and_is_not_dropped(line: Line) -> None:
    who = a_counselor(line)
    for _ in range(3):
        somebody_asks(line, 1, when="now")
        is_reached(line, who)
        line.later(minutes=10)
    somebody_asks(line, 1, when="now")
    line.later(hours=1)
    somebody_asks(line, 2, when="now")
    opened = {row.id: row.place_why for row in line.rows(Callback) if row.closed_at is None}
    assert [opened[id] for id in order(line)] == ["first", "often"]
    assert len(all_for(line, who)) == 2


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans()), min_size=2, max_size=30))
def test_nobody_is_ever_overtaken_by_who_asks_more_than_a_day_later(people: list[tuple[int, int, bool]]) -> None:
    """Whoever they are, unless it is urgent: a place never moves back."""
    day = places.AFTER_OTHERS + places.HEAD_START
    asked = [place(Known(before, today), False, n * (day + 1)) for n, (before, today, _) in enumerate(people)]
    assert all(one < other for one, other in pairwise(asked))
    urgent = [place(Known(before, today), True, n) for n, (before, today, _) in enumerate(people)]
    assert max(urgent) < min(asked)


def test_a_hurry_moves_a_request_ahead_and_leaves_the_hours_that_are_safe(line: Line) -> None:
    a_counselor(line)
    somebody_asks(line, 1, when="now")
    line.later(minutes=5)
    somebody_asks(line, 2, when="evening", name="Mama")
    (row,) = [row for row in line.rows(Callback) if row.from_at > line.clock.now()]
    assert not somebody_asks(line, 2, URGENT).is_new
    (now,) = [each for each in line.rows(Callback) if each.id == row.id]
    assert (now.lane, now.place_why, now.asked) == (0, "urgent", 2)
    assert (now.from_at, now.until_at) == (row.from_at, row.until_at)
    assert order(line)[0] == row.id


def test_a_phone_that_nobody_takes_is_rung_three_times_a_day_and_nine_times_in_all(line: Line) -> None:
    who, home = a_counselor(line), line.runtime.content.hours.zone
    somebody_asks(line, 1)
    tries = []
    for _ in range(24 * 14):
        if claim := next_for(line, who):
            tries.append(line.clock.now())
            with line.runtime.database.transaction() as tx:
                left = outcomes.tried(tx, line.runtime.vault, who, claim.id, "no answer", home, line.clock.now())
        line.later(hours=1)
        duties.keep_the_queue(line.runtime)
    assert len(tries) == outcomes.MOST
    assert left == outcomes.Left(9, None)
    assert all(later - earlier >= outcomes.AGAIN_AFTER for earlier, later in pairwise(tries))
    assert all(fourth - first >= DAY for first, fourth in zip(tries, tries[3:], strict=False))
    hours = {line.clock.moment.fromtimestamp(at / 1000, home).hour for at in tries}
    assert hours <= set(range(9, 20))
    assert [row.state for row in line.rows(Callback)] == ["not_reached"]


def test_a_request_that_nobody_met_ends_after_two_weeks(line: Line) -> None:
    somebody_asks(line, 1)
    line.later(days=13, hours=23)
    duties.keep_the_queue(line.runtime)
    assert [row.state for row in line.rows(Callback)] == ["requested"]
    line.later(hours=2)
    duties.keep_the_queue(line.runtime)
    assert [row.state for row in line.rows(Callback)] == ["expired"]


def test_three_calls_and_two_texts_are_one_request_that_counts_them(line: Line) -> None:
    for cause in (ASKED, ASKED, URGENT, ASKED, ASKED):
        somebody_asks(line, 1, cause, when="now")
    (row,) = line.rows(Callback)
    assert (row.asked, row.lane) == (5, 0)


def test_short_numbers_stay_short_and_none_is_given_twice(line: Line) -> None:
    for n in range(60):
        somebody_asks(line, n)
    refs = [row.ref for row in line.rows(Callback)]
    assert len(set(refs)) == len(refs)
    assert max(refs) <= 999
