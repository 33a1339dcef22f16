"""The desk: the line of requests, who has which, and the book of who did what."""

from broken.mutation import Mutation

MUTATIONS = (
    Mutation(
        "two counselors are given the same request",
        "ivr/callbacks/claims.py",
        ".where(FREE, or_(Callback.lane == URGENT_LANE, SAFE_NOW)",
        ".where(Callback.closed_at.is_(None), or_(Callback.lane == URGENT_LANE, SAFE_NOW)",
        "tests/test_queue.py -k fifty_counselors",
    ),
    Mutation(
        "whoever had a request may close it though somebody else has it now",
        "ivr/callbacks/claims.py",
        'MINE = (Callback.id == bindparam("row"), Callback.counselor_id == bindparam("who"),',
        'MINE = (Callback.id == bindparam("row"), bindparam("who").is_not(None),',
        "tests/test_queue.py -k late_counselor",
    ),
    Mutation(
        "what comes back in line goes to its end",
        "ivr/callbacks/claims.py",
        '"counselor_id": None,\n    "leased_until": None,\n}',
        '"counselor_id": None,\n    "leased_until": None,\n    "place_at": Callback.leased_until,\n}',
        "tests/test_queue.py -k comes_back_to_its_place",
    ),
    Mutation(
        "people are rung outside of the hours that they called safe",
        "ivr/callbacks/claims.py",
        ".where(FREE, or_(Callback.lane == URGENT_LANE, SAFE_NOW)",
        ".where(FREE, or_(Callback.lane == URGENT_LANE, ~SAFE_NOW, SAFE_NOW)",
        "tests/test_queue.py -k outside_of_the_hours",
    ),
    Mutation(
        "a counselor is given somebody whose language they do not speak",
        "ivr/callbacks/claims.py",
        "SAFE_NOW), SPOKEN, WISHED)",
        "SAFE_NOW), or_(SPOKEN, ~SPOKEN), WISHED)",
        "tests/test_queue.py -k whose_language",
    ),
    Mutation(
        "who asks for the first time has no head start",
        "ivr/callbacks/places.py",
        "return Place(USUAL_LANE, now - HEAD_START, FIRST)",
        "return Place(USUAL_LANE, now, FIRST)",
        "tests/test_queue.py -k first_time",
    ),
    Mutation(
        "who was reached often today comes before others",
        "ivr/callbacks/places.py",
        "if known.reached_today >= MOST_A_DAY:",
        "if False:",
        "tests/test_queue.py -k reached_often",
    ),
    Mutation(
        "a phone that nobody takes is rung without end",
        "ivr/callbacks/outcomes.py",
        "if attempts < MOST:",
        "if attempts:",
        "tests/test_queue.py -k nobody_takes",
    ),
    Mutation(
        "a line of the book does not hold the one before it",
        "ivr/team/audit.py",
        "if (line.n, line.previous, line.hash) !=",
        "if (n, previous, line.hash) !=",
        "tests/test_desk.py -k changed_or_taken_out",
    ),
    Mutation(
        "a phone in other hands is rung on",
        "ivr/team/counselors.py",
        "_LOSE = Statement(_of.values(found_by=None, phone=None,",
        "_LOSE = Statement(_of.values(",
        "tests/test_desk.py -k other_hands",
    ),
)
