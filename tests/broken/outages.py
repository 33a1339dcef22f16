"""What is said and kept while something is broken."""

from broken.mutation import Mutation

MUTATIONS = (
    Mutation(
        "a caller waits for as long as the database is frozen",
        "ivr/outages/turns.py",
        "return turn.done.acquire(timeout=self.deadline)",
        "return turn.done.acquire(timeout=30)",
        "tests/test_outages.py -k hundred_calls",
    ),
    Mutation(
        "each caller finds out anew that the database does not answer",
        "ivr/outages/turns.py",
        "if self._again and not self._may_try(began):",
        "if False:",
        "tests/test_outages.py -k nobody_waits_at_all",
    ),
    Mutation(
        "what was given up on is committed after all",
        "ivr/outages/turns.py",
        "        if self.given_up:\n            raise TooLate",
        "        if False:\n            raise TooLate",
        "tests/test_outages.py -k given_up_on_never_happened",
    ),
    Mutation(
        "danger waits for the database",
        "ivr/web/sms.py",
        "lambda: late.sounds_dangerous(runtime, text)",
        "None",
        "tests/test_outages.py -k does_not_wait",
    ),
    Mutation(
        "a line that is closed is said as if it answered",
        "ivr/hotlines/directory.py",
        "if line.opening.holds(moment)]",
        "]",
        "tests/test_hotlines.py -k closed",
    ),
    Mutation(
        "one person alone verifies a number",
        "ivr/hotlines/file.py",
        "TWO = 2",
        "TWO = 1",
        "tests/test_hotlines.py -k what_to_write",
    ),
    Mutation(
        "the carrier's own copy plays sounds from an address that is none",
        "ivr/cli/content.py",
        '"--sounds", callback=_address, help=',
        '"--sounds", help=',
        "tests/test_fallback.py -k no_address",
    ),
    Mutation(
        "a kept text is lost in a power cut",
        "ivr/outages/spool.py",
        "os.fsync(file.fileno())",
        "file.fileno()",
        "tests/test_spool.py -k reached_the_disk",
    ),
    Mutation(
        "a kept text can be read on the disk",
        "ivr/outages/spool.py",
        "self._vault.seal(PLACE, name, written)",
        "written",
        "tests/test_spool.py -k nobody_can_read",
    ),
    Mutation(
        "a text that was answered late is answered again by its webhook",
        "ivr/web/sms.py",
        "return NOTHING if rows.is_there(tx, rows.answer_to(text.sid)) else found",
        "return found",
        "tests/test_spool.py -k brings_no_second",
    ),
    Mutation(
        "a duty that hangs holds up the clock",
        "workers/beside.py",
        "new.join(seconds)",
        "new.join()",
        "tests/test_beside.py -k holds_up_no_other",
    ),
    Mutation(
        "a duty that hangs is begun again and again",
        "workers/beside.py",
        "if old is not None and old.is_alive():",
        "if False:",
        "tests/test_beside.py -k holds_up_no_other",
    ),
)
