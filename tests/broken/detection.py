"""What of danger is heard in people's own words."""

from broken.mutation import Mutation

MUTATIONS = (
    Mutation(
        "only what somebody thought of is heard",
        "ivr/hearing/sayings.py",
        "if not self._likeness.sounds_so(words):",
        "if words:",
        "tests/test_likeness.py -k many_more_are_heard",
    ),
    Mutation(
        "whatever is long is taken for danger",
        "ivr/hearing/likeness.py",
        "self.sum(words) > LIKELY",
        "self.sum(words) > -LIKELY * 3",
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
