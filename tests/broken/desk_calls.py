"""A counselor's call to somebody who asked for it: who hears what, and what counts."""

from broken.mutation import Mutation

MUTATIONS = (
    Mutation(
        "whoever picks up is put through without a key",
        "ivr/web/called.py",
        "return _taken(it) if key == TAKE else _silence(it)",
        "return _taken(it)",
        "tests/test_desk_calls.py -k without_the_key",
    ),
    Mutation(
        "a key puts through where a PIN was set",
        "ivr/web/called.py",
        "if pins.has_pin(it.tx, contact):",
        "if False:",
        "tests/test_desk_calls.py -k only_the_pin",
    ),
    Mutation(
        "any PIN puts through",
        "ivr/web/called.py",
        "return found == it.wanted.contact_id",
        "return True",
        "tests/test_desk_calls.py -k only_the_pin",
    ),
    Mutation(
        "the same PIN sent twice is two tries",
        "ivr/callbacks/talks.py",
        "return tx.run(_TRY, row=call.id, number=number) == 1",
        "return tx.run(_TRY, row=call.id, number=number) < 2",
        "tests/test_desk_calls_broken.py -k doubled_pin",
    ),
    Mutation(
        "every mailbox is spoken to",
        "ivr/web/called.py",
        '.voicemail == "yes"',
        '.voicemail != "x"',
        "tests/test_desk_calls.py -k what_was_agreed",
    ),
    Mutation(
        "people are rung at night without a reason",
        "ivr/callbacks/calls.py",
        'return "" if wanted.is_safe(wanted.wish(vault, id), now) else TOO_EARLY',
        'return ""',
        "tests/test_desk_calls.py -k claim_or_hour",
    ),
    Mutation(
        "a button pressed twice rings twice",
        "ivr/callbacks/calls.py",
        "or is_busy(tx,",
        "or not is_busy and (tx,",
        "tests/test_desk_calls.py -k rung_once",
    ),
    Mutation(
        "a request is taken away in the midst of a talk",
        "ivr/callbacks/talks.py",
        "claims.hold(tx, who, call.callback_id, now + bridges.LONGEST)",
        "claims.extend(tx, who, call.callback_id, now)",
        "tests/test_desk_calls.py -k while_they_talk",
    ),
    Mutation(
        "an end that is told twice counts twice",
        "ivr/callbacks/talks.py",
        "    if _end(tx, call, TALKED, seconds, now) and who and",
        "    _end(tx, call, TALKED, seconds, now)\n    if who and",
        "tests/test_desk_calls_broken.py -k whatever_order",
    ),
    Mutation(
        "who did not agree to it is rung again when the line broke off",
        "ivr/actions/calling.py",
        'if calls.wish(scene).ring_again != "yes":',
        "if False:",
        "tests/test_desk_calls.py -k not_agreed",
    ),
    Mutation(
        "who is reached after 0 is rung for the same once more",
        "ivr/callbacks/transfers.py",
        "if now - (between.taken_at or now) >= SHORTEST:",
        "if False:",
        "tests/test_transfers.py -k closes",
    ),
)
