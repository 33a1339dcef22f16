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
ROOMS = ("ivr", "workers", "simulator", "flows", "locales", "tests", "wsgi.py", "pyproject.toml", "Procfile")


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
        "return self._newest + nonce + self._seal(nonce, content,",
        "return self._newest + nonce + (lambda *_: content)(nonce, content,",
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
        "an alert that nobody has answered is told once only",
        "ivr/alerts.py",
        "for alert in [Open(*row) for row in tx.all(_DUE, now=now)]:",
        "for alert in list[Open]():",
        "tests/test_alerts.py -k again_after_five",
    ),
    Mutation(
        "a supervisor is never told",
        "ivr/alerts.py",
        "if rounds >= SUPERVISOR or not there:",
        "if not there:",
        "tests/test_alerts.py -k again_after_five",
    ),
    Mutation(
        "anybody may say that they look after somebody in danger",
        "ivr/texts.py",
        "if said is None or each is None:",
        "if said is None or each is None and (each := (*duty.on_duty(scene.config),)[0]) is None:",
        "tests/test_alerts.py -k nobody_else_can_take",
    ),
    Mutation(
        "a machine that picks up is put through to somebody in need",
        "ivr/web/bridge.py",
        'if form.get("Digits") != TAKE or not bridges.take(tx, id, now):',
        "if not bridges.take(tx, id, now):",
        "tests/test_counselors_phones.py -k only_the_key",
    ),
    Mutation(
        "a yes to a direct question alerts nobody",
        "flows/safety.yaml",
        "      - do: alert_those_on_duty\n    do: request_urgent_callback",
        "      - say: All right.\n    do: request_callback",
        "tests/test_scenarios.py -k four_questions",
    ),
    Mutation(
        "a PIN can be guessed without end",
        "ivr/pins.py",
        "return None if is_paused else found",
        "return found",
        "tests/test_pins.py -k answered_alike",
    ),
    Mutation(
        "one's own PIN takes misses back",
        "ivr/pins.py",
        "after = before if row and not counts else _missed(before, now)",
        "after = Tries(0, 0, before.paused_until) if row and not counts else _missed(before, now)",
        "tests/test_pins.py -k buys_no_tries",
    ),
    Mutation(
        "the second PIN opens what the first one does",
        "ivr/pins.py",
        "    return None if is_paused else found\n",
        "    whose = tx.one(Statement(select(Contact.decoy_of).where(Contact.id == found))) if found else None\n"
        "    return None if is_paused else whose[0] or found if whose else found\n",
        "tests/test_pins.py -k second_pin",
    ),
    Mutation(
        "what was answered without the PIN is carried behind it, and back",
        "ivr/letters.py",
        "contact, known = pins.addressed(self._tx, row.number_id, row.contact_id, row.has_pin)",
        "contact, known = row.contact_id, dict[str, str]()",
        "tests/test_pins.py -k asks_for_it_first",
    ),
    Mutation(
        "a text of ours names the line to whoever reads the phone",
        "flows/reminder.yaml",
        "Hello. It is the time you chose.",
        "Hello from Warmline. It is the time you chose.",
        "tests/test_shared_phones.py -k no_text_that_goes_out",
    ),
    Mutation(
        "the list of words that tell is not looked at",
        "ivr/engine/neutral.py",
        "for word in sorted(find(sensitive, text)):",
        "for word in sorted(find(sensitive, text))[:0]:",
        "tests/test_neutral.py -k word_that_tells",
    ),
    Mutation(
        "reminders come by themselves to whoever wants answers only",
        "ivr/outgoing.py",
        "if kind.unasked and row.openness == openness.REPLY_ONLY:",
        "if False:",
        "tests/test_shared_phones.py -k answers_only",
    ),
    Mutation(
        "a number that was silent for long is never asked",
        "ivr/outgoing.py",
        "if against is None and silent_numbers.is_silent(row, now):",
        "if False:",
        "tests/test_silent_numbers.py -k one_question",
    ),
    Mutation(
        "whoever leaves quietly is asked whether to go on",
        "ivr/discretion.py",
        "    positions.give_up_others(scene.tx, scene.position)\n",
        "",
        "tests/test_shared_phones.py -k leaves_nothing",
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
