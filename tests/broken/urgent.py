"""Whoever may be in danger, and those on duty."""

from broken.mutation import Mutation

MUTATIONS = (
    Mutation(
        "an alert that nobody has answered is told once only",
        "ivr/callbacks/alerts.py",
        "    if tx.run(_TOLD, row=alert.id,",
        "    if False and tx.run(_TOLD, row=alert.id,",
        "tests/test_alerts.py -k again_after_five",
    ),
    Mutation(
        "a supervisor is never told",
        "ivr/callbacks/ladder.py",
        "if rounds >= SUPERVISOR or not there:",
        "if not there:",
        "tests/test_alerts.py -k again_after_five",
    ),
    Mutation(
        "anybody may say that they look after somebody in danger",
        "ivr/passing_on.py",
        "    if each is None:\n        return ()\n    who =",
        "    each = each or scene.config.on_duty[0]\n    who =",
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
        "      - do: alert_those_on_duty\n    goto: crisis",
        "      - say: All right.\n    goto: crisis",
        "tests/test_scenarios.py -k four_questions",
    ),
    Mutation(
        "an answer to a direct question that nobody understands is taken for silence",
        "flows/safety.yaml",
        "silence: unsaid\n    unclear: said_yes",
        "silence: unsaid\n    unclear: unsaid",
        "tests/test_direct_questions.py -k asked_again",
    ),
    Mutation(
        "a yes in another language is none",
        "ivr/engine/questions.py",
        "lambda text: read(text) or read_elsewhere(text)",
        "read",
        "tests/test_direct_questions.py -k brings_the_numbers",
    ),
    Mutation(
        "a word of a flow goes before the answer to a question",
        "ivr/texts.py",
        "if heard.flow and not conversations.understands(scene, heard.text):",
        "if heard.flow:",
        "tests/test_direct_questions.py -k call_me",
    ),
    Mutation(
        "danger is looked for in the language of the conversation only",
        "ivr/content.py",
        'each.words.get("crisis", ())) for code, each in languages.items()}',
        'each.words.get("crisis", ())) for code, each in [*languages.items()][:1]}',
        "tests/test_detection.py -k numbers_come_first",
    ),
    Mutation(
        "a not cancels danger",
        "ivr/texts.py",
        '    if heard.crisis or text.opt_out == "HELP":\n',
        '    if heard.crisis in ("own", "another"):\n',
        "tests/test_detection.py -k numbers_come_first",
    ),
    Mutation(
        "a wish for no more texts beside danger stops them unasked",
        "ivr/texts.py",
        '    if heard.crisis or text.opt_out == "HELP":\n',
        '    if heard.wants_no:\n        heed(scene, text, heard._replace(crisis=""))\n'
        '    if heard.crisis or text.opt_out == "HELP":\n',
        "tests/test_detection.py -k nothing_is_stopped_unasked",
    ),
    Mutation(
        "those on duty look for somebody who had everything erased",
        "ivr/actions/past.py",
        "    if scene.party.contact_id:\n        alerts.take_back(",
        "    if not scene.party.contact_id:\n        alerts.take_back(",
        "tests/test_alerts.py -k had_all_of_it",
    ),
    Mutation(
        "what may stand in any order is heard in one order only",
        "ivr/engine/patterns.py",
        'for each in permutations(pattern.split("&"))]',
        'for each in [pattern.split("&")]]',
        "tests/test_patterns.py -k any_order",
    ),
    Mutation(
        "a word is not heard as it sounds",
        "ivr/engine/readings.py",
        "meant = exact.union(self._sounding(spellings)) or",
        "meant = exact or",
        "tests/test_patterns.py -k as_its_language",
    ),
    Mutation(
        "the neighbours of what only sounds like danger meet",
        "ivr/hearing/sayings.py",
        "= [TAKEN_OUT] * (each.end - each.begin)",
        '= [""] * (each.end - each.begin)',
        "tests/test_patterns.py -k only_sounds_so",
    ),
    Mutation(
        "of all classes of danger only the first is heard",
        "ivr/i18n/patterns.py",
        "for topic, part in topics.items() for",
        "for topic, part in [*topics.items()][:1] for",
        "tests/test_detection.py -k hardly_ever",
    ),
)
