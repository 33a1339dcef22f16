"""What is wrong before the first call, and must keep the process from starting."""

from broken.mutation import Mutation

MUTATIONS = (
    Mutation(
        "anybody can guess the key of the console's cookies",
        "ivr/settings.py",
        "SHORTEST_SECRET = 16",
        "SHORTEST_SECRET = 1",
        "tests/test_config.py -k says_what_to_write",
    ),
    Mutation(
        "a number of ours has two roles, and only the first counts",
        "ivr/config.py",
        "if numbers.count(number) > 1]",
        "if numbers.count(number) > 2]",
        "tests/test_config.py -k says_what_to_write",
    ),
    Mutation(
        "the line rings itself for somebody in need",
        "ivr/config.py",
        "for number in ours.intersection(",
        "for number in set().intersection(",
        "tests/test_config.py -k says_what_to_write",
    ),
    Mutation(
        "somebody on duty is spoken to in a language that is not there",
        "ivr/content.py",
        "for name, phones in config.phones().items() for each in phones]",
        "for name, phones in config.phones().items() for each in phones[:0]]",
        "tests/test_additions.py -k language_of_the_settings",
    ),
    Mutation(
        "a language without patterns starts, and danger in it is not heard",
        "ivr/i18n/patterns.py",
        '        mistakes.append(Mistake(f"{root.name}/{folder.name}/{FILE}", 1, wrong, instead))\n',
        "",
        "tests/test_i18n.py -k without_patterns",
    ),
    Mutation(
        "a house without what was learnt starts with a traceback",
        "ivr/runtime.py",
        "FlowErrors, BadLikeness, BadHours",
        "FlowErrors, BadHours",
        "tests/test_likeness.py -k stops_the_start",
    ),
    Mutation(
        "the numbers that are to be rung are masked in the log, and nothing else tells which they are",
        "ivr/hotlines/directory.py",
        'append(f"{code} {line.name}")',
        'append(f"{code} {line.dial}")',
        "tests/test_hotlines.py -k which_line_is_meant",
    ),
    Mutation(
        "a house without the words for its own failure starts with a traceback",
        "ivr/content.py",
        "    check_opened(flows[config.default_language], names)\n",
        "",
        "tests/test_additions.py -k must_be_there",
    ),
)
