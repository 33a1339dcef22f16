"""`make mutations`: each important check is shown to catch what it is there for.

A copy of the house is broken in one place, and the tests that guard that place must fail. One that stays green is a
check that checks nothing, and ends this with 1.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

HOME = Path(__file__).parent.parent
ROOMS = (
    "ivr",
    "workers",
    "simulator",
    "flows",
    "locales",
    "tests",
    "wsgi.py",
    "gunicorn.conf.py",
    "pyproject.toml",
    "Procfile",
)


class Mutation(NamedTuple):
    """What is broken: these words in this file become those; and which tests must notice."""

    about: str
    file: str
    old: str
    new: str
    guard: str


MUTATIONS: tuple[Mutation, ...] = (
    Mutation(
        "a forged webhook is let in",
        "ivr/web/webhooks.py",
        "if not twilio.is_signed(",
        "if False and not twilio.is_signed(",
        "tests/test_webhooks.py -k forged",
    ),
    Mutation(
        "a doubled webhook of a call is taken as a new turn",
        "ivr/web/voice.py",
        "if call.turn < position.turn:",
        "if call.turn < 0:",
        "tests/test_webhooks.py -k doubled_webhook",
    ),
    Mutation(
        "a turn is written without holding its number",
        "ivr/positions.py",
        'Conversation.id == bindparam("row"), Conversation.turn == bindparam("old_turn")',
        'Conversation.id == bindparam("row"), bindparam("old_turn") >= 0',
        "tests/test_webhooks.py -k raced_by_its_own_retries",
    ),
    Mutation(
        "a key read twice from one long press answers twice",
        "ivr/web/voice.py",
        "ECHO = 700",
        "ECHO = 0",
        "tests/test_webhooks.py -k long_press",
    ),
    Mutation(
        "asking again does again",
        "ivr/engine/run.py",
        "return tuple(step for step in node.steps if type(step) is not Do)",
        "return node.steps",
        "tests/test_run.py -k never_does_again",
    ),
    Mutation(
        "a missing answer counts as none",
        "ivr/engine/walk.py",
        "if any(value is None or not value.isdecimal() for value in values):",
        "if False:",
        "tests/test_run.py -k missing_answer",
    ),
    Mutation(
        "a key pressed into an exercise answers the question after it",
        "ivr/web/voice.py",
        'return Early(keys[-1]) if query == "early" else Reply(keys[:64])',
        "return Reply(keys[:64])",
        "tests/test_calls.py -k during_an_exercise",
    ),
    Mutation(
        "danger is looked for after STOP has answered",
        "ivr/texts.py",
        'if heard.crisis or text.opt_out == "HELP":',
        "if heard.crisis and not stops:",
        "tests/test_texts.py -k danger_and_stop",
    ),
    Mutation(
        "answers are kept without consent",
        "ivr/conversations.py",
        "if contacts.agreed(scene.tx, scene.party, actions.KEEP):",
        "if scene.party.contact_id:",
        "tests/test_scenarios.py -k refusal",
    ),
    Mutation(
        "what people say is stored as it is",
        "ivr/vault.py",
        "return self.newest + nonce + self._seal(nonce, content,",
        "return self.newest + nonce + (lambda *_: content)(nonce, content,",
        "tests/test_webhooks.py -k not_readable",
    ),
    Mutation(
        "withheld callers are all one person",
        "ivr/phone.py",
        "return None if address in WITHHELD else parse(address, home)",
        "return Phone(address or '?', '') if address in WITHHELD else parse(address, home)",
        "tests/test_webhooks.py -k no_number",
    ),
    Mutation(
        "trouble forgets the number to call",
        "flows/phrases.yaml",
        "In danger, call {emergency_number:digits}.",
        "Please wait.",
        "tests/test_webhooks.py -k nothing_works",
    ),
    Mutation(
        "a dropped call is gone on with before a key is pressed",
        "flows/welcome.yaml",
        "cases: {known: knock}",
        "cases: {known: door}",
        "tests/test_scenarios.py -k dropped_call",
    ),
    Mutation(
        "silence ends the call",
        "flows/welcome.yaml",
        "silence: listen",
        "silence: farewell",
        "tests/test_calls.py -k never_presses_anything",
    ),
    Mutation(
        "a text of the flows is not translated",
        "flows/person.yaml",
        "Nobody can write to you right now. Sorry.",
        "Nobody can write just now. Sorry.",
        "tests/test_house.py -k shipped",
    ),
    Mutation(
        "a late worker writes what it was answered",
        "ivr/outbox/outcomes.py",
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
    Mutation(
        "a text is written into the log",
        "ivr/web/sms.py",
        "    found.pressed_at = now\n",
        "    found.pressed_at = now\n    log.debug('a text: %s', text.body)\n",
        "tests/test_canary.py -k no_canary",
    ),
    Mutation(
        "the keys of a call are written into the log",
        "ivr/web/voice.py",
        "    now = runtime.now()\n    position = positions.of_call",
        "    now = runtime.now()\n    log.debug('keys: %s', call.event)\n    position = positions.of_call",
        "tests/test_canary.py -k no_canary",
    ),
    Mutation(
        "numbers are logged as they are",
        "ivr/logs.py",
        'lambda found: found[1] or f"***{found[0][-2:]}"',
        "lambda found: found[0]",
        "tests/test_logs.py tests/test_canary.py -k numbers_are_masked",
    ),
    Mutation(
        "an exception is logged with its text",
        "ivr/logs.py",
        "    return _WITHHELD\n",
        "    return str(error)\n",
        "tests/test_canary.py -k quotes_a_text",
    ),
    Mutation(
        "a failed job leaves its exception in Redis",
        "workers/jobs.py",
        "raise Failed from None",
        "raise",
        "tests/test_canary.py -k quotes_a_text",
    ),
    Mutation(
        "a new number is stored as it is",
        "ivr/contacts.py",
        'sealed = vault.seal("numbers.sealed", id, phone.number.encode())',
        "sealed = phone.number.encode()",
        "tests/test_canary.py -k no_canary",
    ),
    Mutation(
        "erasing leaves consents",
        "ivr/vanishing.py",
        "    for name, statement in _REMOVE.items():\n",
        "    for name, statement in _REMOVE.items():\n        if name == 'consents':\n            continue\n",
        "tests/test_vanishing.py -k by_text",
    ),
    Mutation(
        "a STOP is forgotten with its number",
        "ivr/contacts.py",
        "    _stop_as_before(tx, id, index, now)\n",
        "",
        "tests/test_vanishing.py -k outlives",
    ),
    Mutation(
        "a text of somebody who was erased brings them back when it comes again",
        "ivr/messages.py",
        "return NOTHING if erasures.is_gone(tx, sid) else None",
        "return None",
        "tests/test_vanishing.py -k same_text_again",
    ),
    Mutation(
        "what was erased stays in SQLite's journal",
        "workers/copies.py",
        "    overwrite(house)\n    seek(house)",
        "    seek(house)",
        "tests/test_vanishing.py -k file_holds_nothing",
    ),
    Mutation(
        "what was erased stays in SQLite's pages",
        "ivr/db.py",
        '"secure_delete=ON"',
        '"secure_delete=OFF"',
        "tests/test_vanishing.py -k file_holds_nothing",
    ),
    Mutation(
        "answers to somebody who was erased stay at the carrier",
        "workers/copies.py",
        "if house.vault.index(text.to) in sought",
        "if text.to in sought",
        "tests/test_copies.py -k answers_calls",
    ),
    Mutation(
        "a 404 of anybody's counts as gone",
        "ivr/carriers/api.py",
        'return "" if status < FEWEST or code == _NOT_THERE else code',
        'return "" if status < FEWEST or status == 404 else code',
        "tests/test_copies.py -k 404",
    ),
    Mutation(
        "a row that changes while keys rotate loses its change",
        "ivr/rotation.py",
        'key == bindparam("row"), column == bindparam("old")',
        'key == bindparam("row"), bindparam("old").is_not(None)',
        "tests/test_rotation.py -k changes_meanwhile",
    ),
    Mutation(
        "numbers are found by a hash without a key",
        "ivr/vault.py",
        "return hmac.new(self._index_key, number.encode(), hashlib.sha256).hexdigest()",
        "return hashlib.sha256(number.encode()).hexdigest()",
        "tests/test_stolen.py -k without_the_index_key",
    ),
    Mutation(
        "what waits to go out is removed when it is old",
        "ivr/retention.py",
        'for state in ("pending", *LEASED)',
        "for state in LEASED",
        "tests/test_retention.py -k waits_to_go_out",
    ),
    Mutation(
        "a text that nobody has taken up loses its words at the carrier",
        "workers/retention.py",
        "* HOUR, (taken_up or 0) - catching_up.OVERLAP)",
        "* HOUR, now)",
        "tests/test_retention.py -k not_taken_up",
    ),
    Mutation(
        "nobody is asked anew when the words of consent change",
        "ivr/facts.py",
        'return "same" if heard is None or heard in scene.content.asked else "changed"',
        'return "same"',
        "tests/test_consents.py -k other_words",
    ),
)


def main() -> int:
    """Tries all of them; 1 when one was not noticed."""
    unnoticed = [mutation.about for mutation in MUTATIONS if not _noticed(mutation)]
    print(f"{len(MUTATIONS) - len(unnoticed)} of {len(MUTATIONS)} mutations were noticed")
    return 1 if unnoticed else 0


def _noticed(mutation: Mutation) -> bool:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        house = _copy(Path(folder))
        _break(house / mutation.file, mutation)
        guard = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *_split(mutation.guard)]
        ended = subprocess.run(guard, cwd=house, capture_output=True, check=False)
    noticed = ended.returncode == 1
    print(f"{'noticed  ' if noticed else 'UNNOTICED'}  {mutation.about}", flush=True)
    return noticed


def _split(guard: str) -> list[str]:
    files, _, expression = guard.partition(" -k ")
    return [*files.split(), "-k", expression] if expression else files.split()


def _copy(house: Path) -> Path:
    for room in ROOMS:
        source, target = HOME / room, house / room
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    return house


def _break(file: Path, mutation: Mutation) -> None:
    text = file.read_text("utf-8")
    if mutation.old not in text:
        sys.exit(f"{mutation.file} no longer holds {mutation.old!r}: say what to break now, in tests/mutations.py")
    file.write_text(text.replace(mutation.old, mutation.new), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
