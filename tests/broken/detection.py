"""What of danger is heard in people's own words."""

from broken.mutation import Mutation

MUTATIONS = (
    Mutation(
        "only what somebody thought of is heard",
        "ivr/hearing/sayings.py",
        "if not self._likeness.sounds_so(words, PERHAPS, FEWEST):",
        "if words:",
        "tests/test_likeness.py -k many_more_are_heard",
    ),
    Mutation(
        "what may mean something else alerts at once",
        "ivr/hearing/sayings.py",
        "self._likeness.sounds_so(words, LIKELY, FEWEST)\n        return",
        "True\n        return",
        "tests/test_perhaps.py -k nobody_is_alerted",
    ),
    Mutation(
        "what may mean danger is asked about without the numbers",
        "flows/crisis.yaml",
        "perhaps: whether}",
        "perhaps: call}",
        "tests/test_perhaps.py -k nobody_is_alerted",
    ),
    Mutation(
        "a yes to the direct question is told to nobody",
        "flows/crisis.yaml",
        "cases: {yes: danger, no: welcome}",
        "cases: {yes: call, no: welcome}",
        "tests/test_perhaps.py -k alerts_at_once",
    ),
    Mutation(
        "whoever talks with a counselor is asked by a machine whether they are in danger",
        "ivr/texts.py",
        "    if answered := _gone_on(scene, text) if waits else passing_on.to_the_counselor(scene, text):",
        "    if answered := _gone_on(scene, text) if waits else ():",
        "tests/test_perhaps.py -k very_text",
    ),
    Mutation(
        "a wish of some hours stops everything",
        "ivr/hearing/refusals.py",
        "sure=not self._limits.find(text)[0]",
        "sure=True",
        "tests/test_refusals.py -k some_hours",
    ),
    Mutation(
        "what may be a wish for nothing more is not asked about",
        "ivr/texts.py",
        "    if heard.perhaps_no and not conversations",
        "    if heard.wants_no and not conversations",
        "tests/test_refusals.py -k asked_about",
    ),
    Mutation(
        "a yes to a question is taken for START, as the carrier takes it",
        "ivr/texts.py",
        " and not conversations.fits(scene, heard.text)):  # YES",
        "):  # YES",
        "tests/test_refusals.py -k yes_to_another",
    ),
    Mutation(
        "a STOP that may be said in danger is only confirmed",
        "ivr/texts.py",
        "return (_numbers(scene), told) if heard.perhaps else (told,)",
        "return (told,)",
        "tests/test_perhaps.py -k said_in_danger",
    ),
    Mutation(
        "danger that stands in two texts is not heard",
        "ivr/texts.py",
        "return keywords.listen_on(before, heard, text.body, language)",
        "return heard",
        "tests/test_split_texts.py -k together",
    ),
    Mutation(
        "whatever was written before belongs to it, however long ago",
        "ivr/texts.py",
        "text.at - JUST_BEFORE)",
        "0)",
        "tests/test_split_texts.py -k after_a_while",
    ),
    Mutation(
        "the same question is put again and again",
        "ivr/texts.py",
        "asked or conversations.understands",
        "conversations.understands",
        "tests/test_perhaps.py -k again_and_again",
    ),
    Mutation(
        "whatever is long is taken for danger",
        "ivr/hearing/likeness.py",
        "self.sum(words) > least",
        "self.sum(words) > least - 2",
        "tests/test_detection.py -k most_sentences_of_others",
    ),
    Mutation(
        "what was learnt long ago passes for the sentences of today",
        "ivr/checking.py",
        "learnt_from != learning.source(locales)",
        "learnt_from == '' != learning.source(locales)",
        "tests/test_likeness.py -k asks_to_be_learnt",
    ),
)
