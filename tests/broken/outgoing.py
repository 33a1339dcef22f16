"""What goes out, and to whom."""

from broken.mutation import Mutation

MUTATIONS = (
    Mutation(
        "a late worker writes what it was answered",
        "ivr/outbox/claims.py",
        'Outgoing.attempt == bindparam("held_attempt")',
        'bindparam("held_attempt") >= 0',
        "tests/test_fence.py -k looks_for",
    ),
    Mutation(
        "STOP is not looked at before a text goes out",
        "ivr/outgoing.py",
        "if row.stopped:",
        "if False:",
        "tests/test_reminders.py -k after_stop",
    ),
    Mutation(
        "reminders go out without consent",
        "ivr/outgoing.py",
        "if kind.purpose and not row.agreed:",
        "if False:",
        "tests/test_reminders.py -k withdrawn",
    ),
    Mutation(
        "what is late goes out in the night",
        "ivr/outgoing.py",
        "if not windows.is_quiet(moment, zones, allowed):",
        "if True:",
        "tests/test_reminders.py -k quiet_hours",
    ),
    Mutation(
        "one person gets any number a day",
        "ivr/outgoing.py",
        "row.lately + beside >= runtime.config.daily_cap",
        "False",
        "tests/test_reminders.py -k daily_cap",
    ),
    Mutation(
        "a word that the carrier says late takes a text back",
        "ivr/outbox/statuses.py",
        'Outgoing.rank < bindparam("new_rank")',
        'bindparam("new_rank") > 0',
        "tests/test_statuses.py -k any_order",
    ),
    Mutation(
        "what is asked for twice goes out twice",
        "ivr/reminders.py",
        'f"later|{id}"',
        'f"later|{id}|{now}"',
        "tests/test_reminders.py -k put_off_twice",
    ),
    Mutation(
        "the door for missed calls answers before it rejects",
        "ivr/web/voice.py",
        "<Response><Reject",
        '<Response><Pause length="1"/><Reject',
        "tests/test_missed_calls.py -k rejects_first",
    ),
    Mutation(
        "a machine is spoken to",
        "ivr/web/out.py",
        "if answered_by.startswith(MACHINES):",
        "if False:",
        "tests/test_calls_out.py -k machine_hears",
    ),
    Mutation(
        "a call that is not taken rings on for ever",
        "ivr/outbox/follow_ups.py",
        "ended.tries < rings.most",
        "True",
        "tests/test_calls_out.py -k three_rings",
    ),
    Mutation(
        "the carrier sends a request on to another address",
        "ivr/carriers/api.py",
        "allow_redirects=False",
        "allow_redirects=True",
        "tests/test_api.py -k another_address",
    ),
)
