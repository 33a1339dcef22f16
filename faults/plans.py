"""What is tried: in full by `make faults`, and quickly by the tests."""

from dataclasses import replace

from faults.killers import ELSEWHERE, POINTS
from faults.runs import Wish

# Chances by passage. A claim is tried at each look, also when nothing is due; a batch has two rows; requests are many.
CHANCES = {"before claim": 0.02, "in the request": 0.05, "after the answer": 0.05}
USUAL = 0.1
ALL_OVER = {point: CHANCES.get(point, USUAL) for point in POINTS + ELSEWHERE}
MIXED = "429:0.05,503:0.02,503-accepted:0.02,500:0.01,500-accepted:0.01,reset-before:0.02,reset-after:0.03,slow:0.05:8"

EACH_POINT = tuple(Wish(f"kill -9 {point}", 1000, kills={point: 2 * ALL_OVER[point]}) for point in POINTS)
QUICK_KILLS = Wish(
    "kill -9 at any point", 60, kills={each: 2 * chance for each, chance in ALL_OVER.items()}, until=60, speed=40
)

# Each must send something twice. Without its mutation each is well.
BLIND_REPLAY = Wish(
    "rows in doubt are sent again", 60, kills={"after the answer": 0.3}, until=60, mutations=("blind_replay",), speed=50
)
SHORT_LEASE = Wish(
    "a lease shorter than a request",
    40,
    "confirmation",
    faults="slow:0.5:8",
    lag=100,
    mutations=("short_lease",),
    speed=60,
)
NO_FENCE = Wish(
    "whoever was late may write",
    40,
    "confirmation",
    rate="1",
    freezes={"before recording": 0.5},  # with the answer in its hand, and no lock
    frozen=270,
    faults="429:1",
    then=(60, "reset-after:1"),
    until=25,
    workers=10,
    mutations=("no_fence",),
    speed=50,
)
MUTANTS = (BLIND_REPLAY, SHORT_LEASE, NO_FENCE)

FROZEN = replace(NO_FENCE, name="workers frozen past their lease", mutations=())
FULL = (*EACH_POINT, FROZEN)
