"""Whoever may be in danger, at the desk."""

from broken.mutation import Mutation

MUTATIONS = (
    Mutation(
        "somebody else is woken about whom a counselor has already",
        "ivr/callbacks/ladder.py",
        "dict.fromkeys((*holder, *there))",
        "dict.fromkeys(there)",
        "tests/test_concerns.py -k goes_to_whoever_has",
    ),
    Mutation(
        "silence is counted from what is still kept",
        "ivr/privacy/retention.py",
        '    Rule("keep_conversations_days", _remembered()),\n',
        "",
        "tests/test_silent_numbers.py -k kept_no_more",
    ),
    Mutation(
        "an OK leaves the request to nobody",
        "ivr/callbacks/concerns.py",
        'if came.outcome == "yours" else claims.held(tx, int(came.code))',
        "if not came.code else claims.held(tx, int(came.code))",
        "tests/test_concerns.py -k number_of_the_alert",
    ),
    Mutation(
        "who takes a request is told of it again and again",
        "ivr/callbacks/claims.py",
        "    alerts.end(tx, claim.id, who.id, now)\n",
        "",
        "tests/test_concerns.py -k to_take_it",
    ),
    Mutation(
        "what somebody took and did nothing about is told to nobody",
        "ivr/callbacks/claims.py",
        '    alerts.wake(tx, id, now, now)\n    audit.note(tx, id, "line",',
        '    audit.note(tx, id, "line",',
        "tests/test_concerns.py -k did_nothing_about",
    ),
    Mutation(
        "what is to be tried again waits until somebody looks",
        "ivr/callbacks/outcomes.py",
        "        alerts.wake(tx, id, next_at, now)\n",
        "",
        "tests/test_concerns.py -k to_be_tried_again",
    ),
    Mutation(
        "danger said again waits for the hour of the next try",
        "ivr/callbacks/alerts.py",
        'next_at=case((_rests, bindparam("now")), else_=Alert.next_at)',
        "next_at=Alert.next_at",
        "tests/test_concerns.py -k does_not_wait_for_that_hour",
    ),
    Mutation(
        "who never asked to be rung is rung without a reason",
        "ivr/callbacks/calls.py",
        "    if not wanted.asked:\n        return NOT_ASKED\n",
        "",
        "tests/test_concerns.py -k without_a_reason",
    ),
    Mutation(
        "who takes the call back is looked after by nobody",
        "ivr/callbacks/requests.py",
        "    if not tx.run(_UNASK, row=found.id) and not tx.run(_CLOSE,",
        "    if not tx.run(_CLOSE,",
        "tests/test_concerns.py -k takes_the_call_back",
    ),
    Mutation(
        "who never asked for a call is told that it came to nothing",
        "ivr/callbacks/endings.py",
        '    .where(Callback.id == bindparam("row"), Callback.asked > 0)',
        '    .where(Callback.id == bindparam("row"))',
        "tests/test_concerns.py -k not_told_that_it_ended",
    ),
    Mutation(
        "who may be in danger is forgotten after two weeks",
        "ivr/callbacks/outcomes.py",
        "        ~exists().where(Alert.callback_id == Callback.id, Alert.next_at.is_not(None)),\n",
        "",
        "tests/test_concerns.py -k does_not_expire",
    ),
    Mutation(
        "a number that answers a question ends an alert",
        "ivr/passing_on.py",
        ' or (said["alone"] and scene.position.state is not None):',
        ":",
        "tests/test_concerns.py -k answers_a_question",
    ),
)
