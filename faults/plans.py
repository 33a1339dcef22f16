"""What is tried: in full by `make faults`, and quickly by the tests."""

from dataclasses import replace

from faults import outages
from faults.bells import Hours
from faults.killers import ELSEWHERE, POINTS
from faults.wishes import Wish

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
    120,
    "confirmation",
    rate="1",
    faults="slow:1:8",
    lag=100,
    mutations=("short_lease",),
    speed=60,
)
# Whoever comes first is frozen with "too many requests" in its hand, until all that it had was given up, sent anew by
# others, and is in doubt again: then that answer, written late, would send it once more.
FROZEN = Wish(
    "workers frozen past their lease",
    20,
    "confirmation",
    rate="2",
    freezes={"between requests": 1},  # the first answers of each worker; no lock, and nothing half sent
    frozen=325,
    faults="429:1",
    then=(250, "reset-after:1"),
    until=20,
    speed=40,
)
NO_FENCE = replace(FROZEN, name="whoever was late may write", mutations=("no_fence",))
MUTANTS = (BLIND_REPLAY, SHORT_LEASE, NO_FENCE)

TOLD = "callback-early:0.2,callback-duplicate:0.2,callback-shuffle:0.2,callback-lost:0.2"
TROUBLE = Wish("kill -9 anywhere, and a carrier in trouble", 2000, kills=ALL_OVER, faults=MIXED, speed=10)
QUICK_TROUBLE = replace(
    TROUBLE, count=60, kills=QUICK_KILLS.kills, until=60, faults=f"{MIXED},{TOLD}", told=True, speed=40
)
CARRIER = (
    TROUBLE,
    replace(
        TROUBLE, name="the same, and callbacks that race", count=1000, faults=f"{MIXED},{TOLD}", told=True, speed=20
    ),
    Wish("too many requests, for ten minutes", 1000, faults="429:1", then=(600, "")),
    Wish("errors, half of them accepted, for five minutes", 1000, faults="503:0.5,503-accepted:0.5", then=(300, "")),
    Wish("lost answers, and lists two minutes late", 1000, faults="reset-after:0.5", lag=120),
    Wish("slow answers, within and beyond the deadline", 1000, faults="slow:0.2:8,slow:0.1:20"),
    Wish("a frozen carrier, for five minutes", 1000, faults="hang:1,list-hang:1", then=(300, "")),
)
POISON = Wish("texts that cannot be written, 100 of 1000", 1000, poison=100)
QUICK_POISON = Wish("texts that cannot be written", 50, poison=5, speed=40)
OUTAGE = Wish("a day's outage, 10000 due", 10_000, fill=outages.fill, rate="10", speed=1)
QUICK_OUTAGE = replace(OUTAGE, name="a day's outage", count=300)
QUICK_BELL = Hours("Redis is killed", 60, 9, ((2, "kill"), (6, "start"), (8, "flush")))
BELL = Hours(
    "Redis stopped, flushed, killed",
    300,
    120,
    ((10, "stop"), (40, "start"), (55, "flush"), (70, "kill"), (100, "start")),
)
UNDER_RQ = Wish(
    "kill -9 at any point, under RQ",
    200,
    kills={each: chance / 4 for each, chance in ALL_OVER.items()},
    under_rq=True,
    speed=8,
)
FULL = (*EACH_POINT, UNDER_RQ, FROZEN, *CARRIER, POISON, OUTAGE)
