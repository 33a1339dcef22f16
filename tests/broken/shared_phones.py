"""Phones that others use too."""

from broken.mutation import Mutation

MUTATIONS = (
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
        "    if not silent_numbers.is_silent(row, now):",
        "    if True:",
        "tests/test_silent_numbers.py -k one_question",
    ),
    Mutation(
        "whoever leaves quietly is asked whether to go on",
        "ivr/actions/discretion.py",
        "    positions.give_up_others(scene.tx, scene.position)\n",
        "",
        "tests/test_shared_phones.py -k leaves_nothing",
    ),
    Mutation(
        "whoever leaves quietly gets a second word the next day",
        "ivr/actions/discretion.py",
        "        silences.take_back(scene.tx, scene.party.contact_id, LEFT)\n",
        "",
        "tests/test_silences.py -k leaves_quietly",
    ),
    Mutation(
        "whoever comes often is asked each time",
        "ivr/visits.py",
        "(row[0] + 1) % OFTEN == 0",
        "row[0] + 1 >= OFTEN",
        "tests/test_visits.py -k each_sixth",
    ),
    Mutation(
        "a machine is spoken to by a yes to words that are gone",
        "ivr/consents.py",
        "words is not None and (purpose not in TO_THE_WORD or words in asked)",
        "words is not None",
        "tests/test_consent_words.py -k machine_hears_nothing",
    ),
    Mutation(
        "a net that was promised goes with a comma",
        "ivr/consents.py",
        "TO_THE_WORD = frozenset({VOICEMAIL, STATISTICS})",
        "TO_THE_WORD = frozenset({WATCH, VOICEMAIL, STATISTICS})",
        "tests/test_consent_words.py -k net_that_was_promised",
    ),
    Mutation(
        "nobody is asked anew about a machine",
        "ivr/consents.py",
        "ASKED_ANEW = (KEEP, WATCH, VOICEMAIL)",
        "ASKED_ANEW = (KEEP, WATCH)",
        "tests/test_consent_words.py -k machine_hears_nothing",
    ),
)
