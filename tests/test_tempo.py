"""The tempo: what was held up does not go out in a rush, and is not held up any further."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from workers.tempo import TINY, Tempo

RATE = 50


def sent(stalls: list[float]) -> list[float]:
    """When messages go whose slots come one after the other, each held up by so much before it."""
    tempo, moments, clock = Tempo(), [], 0.0
    for number, stall in enumerate(stalls):
        slot = number / RATE
        clock = max(clock + stall, tempo.moment(slot))
        tempo.began(slot, clock)
        moments.append(clock)
    return moments


@given(st.lists(st.sampled_from([0.0] * 8 + [0.01, 0.3]), min_size=120, max_size=300))
def test_within_any_second_goes_only_what_has_its_slots_within_one(stalls: list[float]) -> None:
    moments = sent(stalls)
    for first, moment in enumerate(moments):
        assert sum(moment <= each < moment + 1 - TINY for each in moments[first:]) <= RATE


@given(st.lists(st.sampled_from([0.0, 0.0, 0.01, 0.3]), min_size=1, max_size=300))
def test_nothing_waits_longer_than_all_that_held_it_up(stalls: list[float]) -> None:
    for number, (moment, held_up) in enumerate(zip(sent(stalls), accumulate(stalls), strict=True)):
        assert moment <= number / RATE + held_up + TINY


def test_whoever_is_on_time_stays_on_time() -> None:
    """However long it lasts: another worker may have the slots that follow."""
    late = [moment - number / RATE for number, moment in enumerate(sent([0.0] * 100 * RATE))]
    assert max(late) < TINY
