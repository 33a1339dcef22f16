"""`flows check`: small sound flows pass, and for each rule a broken one shows that the rule can fail, and where."""

import pytest

from ivr.engine.check import Problem, Tongue, check
from ivr.engine.load import load, sources
from ivr.engine.model import Menu, Put, Say
from ivr.engine.texts import texts
from tests.writing import ACTIONS, ENGLISH, FACTS, PHRASES, VALUES, write

WELCOME = """\
title: Welcome
nodes:
  door:
    steps:
      - say: {voice: "Hello. A person: press zero.", sms: "Hello. To end texts: STOP."}
    menu:
      - {label: How are you, goto: mood}
      - {label: An exercise, goto: exercises}
    else: bye
  mood:
    steps:
      - say: How was today?
    ask: number
    from: 1
    to: 5
    save: mood
    goto: bye
    else: bye
  exercises:
    menu: {list: exercises}
    goto: bye
    else: bye
  bye:
    steps:
      - say: Goodbye.
"""
PERSON = """\
title: A person
nodes:
  ring:
    steps:
      - say: Nobody is free.
    menu: [{label: Numbers to call, goto: crisis}]
    else: crisis
"""
CRISIS = """\
title: Numbers
nodes:
  numbers:
    steps:
      - say: "In danger, call {emergency_number:digits}."
"""
EXERCISE = """\
title: Breathe
nodes:
  in:
    steps:
      - say: {voice: Breathe in.}
        for: 4 seconds
"""
SOUND = {"welcome.yaml": WELCOME, "person.yaml": PERSON, "crisis.yaml": CRISIS, "exercises/b.yaml": EXERCISE}


def seconds(outputs: Put) -> float:
    """Half a second a word."""
    said = [step.voice for step in outputs if isinstance(step, Say)]
    labels = [choice.label + " press one" for step in outputs if isinstance(step, Menu) for choice in step.choices]
    return len(" ".join(said + labels).split()) / 2


def sent(outputs: Put) -> list[str]:
    """One text of all that is written, and before it those that are alone."""
    alone = [step.sms for step in outputs if isinstance(step, Say) and step.alone]
    rest = " ".join(step.sms for step in outputs if isinstance(step, Say) and not step.alone)
    return [*alone, rest] if rest else alone


def problems(folder, changes=(), files=None, translations=None, also=(), **tongue) -> list[Problem]:
    written = {**SOUND, **(files or {})}
    for name, old, new in changes:
        assert old in written[name]
        written[name] = written[name].replace(old, new)
    path = write(folder, written)
    tongues = {}
    for code, known in {"en": None, **({"es": translations} if translations is not None else {})}.items():
        spoken = ENGLISH._replace(language=code, translate=lambda text, known=known: (known or {}).get(text, text))
        loaded = load(path, spoken, ACTIONS, FACTS, VALUES)
        own = Tongue(loaded, (known or {}).get, seconds, sent, lambda text: 1 + len(text) // 160, 10, ("STOP",))
        tongues[code] = own._replace(**tongue)
    return check(tongues, sources(path), texts(path), also=also)


def test_sound_flows_have_no_problems(tmp_path):
    assert problems(tmp_path) == []


def test_a_problem_reads_like_a_sentence_with_a_place_before_it():
    found = Problem("flows/a.yaml", 3, "error", "sw", "this is long", "Cut it")
    assert str(found) == "flows/a.yaml:3: error: [sw] this is long. Cut it."


LONG = " ".join(["word"] * 13)
FIVE = "".join(f"      - {{label: Choice {letter}, goto: bye}}\n" for letter in "abc")
SIX = "title: Six\nkeep: six\nkeywords: six\nnodes:\n" + "".join(
    f"  n{at}: {{ask: date, save: s{at}, goto: n{at + 1}, else: n{at + 1}}}\n" for at in range(6)
)
SIX += "  n6: {steps: [{say: Done.}]}\n"
SLOW = SIX.replace("keep: six\n", "").replace("ask: date", "wait: 2 minutes, ask: date")
LOOP = "title: L\nkeywords: loop\nnodes:\n  a: {steps: [{say: x}], goto: b}\n  b: {do: record_exercise, else: a}\n"
RUN_LOOP = "title: L\nkeywords: loop\nnodes:\n  a: {steps: [{say: x}], run: x, goto: a}\n"
SILENT = (
    "title: L\nkeywords: loop\nnodes:\n  a: {ask: date, goto: b, silence: a, unclear: b}\n  b: {steps: [{say: x}]}\n"
)
DUMB = "title: D\nkeywords: dumb\nnodes:\n  a: {do: record_exercise, else: b}\n  b: {steps: [{play: bell}]}\n"
ABRUPT = "title: D\nkeywords: dumb\nnodes:\n  a: {ask: date, silence: b, unclear: b}\n  b: {steps: [{say: x}]}\n"
ALONE = "title: X\nnodes: {a: {steps: [{say: x}]}}\n"

DOOR, MOOD, BYE, TEXT = (("flows/welcome.yaml", line) for line in (3, 10, 23, 25))
CRISIS_1, CRISIS_3 = ("flows/crisis.yaml", 1), ("flows/crisis.yaml", 3)
LOOP_4, BOX = ("flows/l.yaml", 4), ("flows/exercises/b.yaml", 3)
NOT_CRISIS = "goto: bye}]\n    else: bye\n  bye: {steps: [{say: x}]}"


def said(*texts):
    """The last text becomes these."""
    return [("welcome.yaml", "Goodbye.", *texts)]


def door(old, new):
    return [("welcome.yaml", old, new)]


# the rule: what is changed, what is added, where the problem is, what is said, what to do
BROKEN = {
    "unreachable node": (door("  bye:", "  lost: {goto: bye}\n  bye:"), {}, BYE, "'lost'", "Lead to it"),
    "unreachable flow": ([], {"x.yaml": ALONE}, ("flows/x.yaml", 2), "'a'", "Lead to it"),
    "offered, never listed": ([], {"x.yaml": "offer: y\n" + ALONE}, ("flows/x.yaml", 3), "'a'", "Lead to it"),
    "loop": ([], {"l.yaml": LOOP}, LOOP_4, "goes round for ever", "lead out"),
    "loop through a flow": ([], {"l.yaml": RUN_LOOP, "x.yaml": ALONE}, LOOP_4, "round for ever", "lead out"),
    "loop of silence": ([], {"l.yaml": SILENT}, LOOP_4, "never presses a key", "silence lead"),
    "end without a word": ([], {"d.yaml": DUMB}, ("flows/d.yaml", 5), "without a word", "Say something"),
    "answer without a word": ([], {"d.yaml": ABRUPT}, ("flows/d.yaml", 4), "without a word", "goto"),
    "no number": ([("crisis.yaml", "{emergency_number:digits}", "home")], {}, CRISIS_3, "no number", "Say {emer"),
    "no number near a person": (
        [("person.yaml", "goto: crisis}]\n    else: crisis", NOT_CRISIS)],
        {"x.yaml": "keywords: now\n" + ALONE},
        ("flows/person.yaml", 3),
        "no number to call",
        "hotline_number",
    ),
    "five spoken": (door("    else: bye\n  mood", FIVE + "    else: bye\n  mood"), {}, DOOR, "5 choices", "Take"),
    "short wait": (door("    ask: ", "    wait: 5 seconds\n    ask: "), {}, MOOD, "shorter than 8", "wait"),
    "late choice": (door("Hello. A", "Hello, " + "hello " * 11 + ". A"), {}, DOOR, "first choice", "fewer words"),
    "danger key not said": (door("press zero", "press two"), {}, DOOR, "key 0", "press zero"),
    "no word of stop": (door(" To end texts: STOP.", ""), {}, DOOR, "end texts", "STOP"),
    "keyword": ([("crisis.yaml", "title", "keywords: danger, Help\ntitle")], {}, CRISIS_1, "'help'", "another"),
    "carrier's word": (door("An exercise,", "An exercise, words: stop,"), {}, DOOR, "'stop'", "another"),
    "yes is never taught": (door("An exercise,", '"Yes",'), {}, DOOR, "'yes'", "another"),
    "silence": ([("exercises/b.yaml", "4 s", "9 s")], {}, BOX, "8 seconds of silence", "4 seconds"),
    "pauses": (
        [("exercises/b.yaml", "for: 4 seconds", "for: 4 seconds\n      - pause: 2 seconds")],
        {},
        BOX,
        "5 seconds of silence",
        "4 seconds",
    ),
    "six questions": ([], {"s.yaml": SIX}, ("flows/s.yaml", 5), "6 questions", "fewer"),
    "ten minutes": ([], {"s.yaml": SLOW}, ("flows/s.yaml", 4), "12 minutes", "Shorten"),
    "four parts": (said("Bye. " * 150), {}, BYE, "more than 3", "alone: yes"),
    "two questions in a text": (door("was today?", "was it? Well?"), {}, MOOD, "more than one question", "one thing"),
    "digit spoken": (said("Call 2 people."), {}, TEXT, "digit", "as a word"),
    "curly quotes": (said("“Bye”"), {}, TEXT, "cannot carry '“'", "plain letters"),
    "dash": (said("Bye — then."), {}, TEXT, "cannot carry '—'", "plain letters"),
    "emoji": (said("Bye 😀"), {}, TEXT, "cannot carry", "plain letters"),
    "link": (said('"See https://x.org"'), {}, TEXT, "cannot carry 'https:'", "plain letters"),
    "exclamation": (said("Well done!"), {}, TEXT, "cannot carry '!'", "plain letters"),
    "capitals": (said("GOODBYE."), {}, TEXT, "'GOODBYE' shouts", "small letters"),
    "unsafe": (said("Do not worry."), {}, TEXT, "'do not worry' can harm", "otherwise"),
}


@pytest.mark.parametrize(("changes", "files", "where", "wrong", "instead"), BROKEN.values(), ids=BROKEN)
def test_a_rule_can_fail(tmp_path, changes, files, where, wrong, instead):
    found = problems(tmp_path, changes, files, unsafe=["don't worry", "do not worry"])
    fitting = [each for each in found if wrong in each.wrong and instead in each.instead and each.severity == "error"]
    assert fitting, "\n".join(map(str, found))
    assert (fitting[0].file, fitting[0].line) == where


WARNED = {
    "long sentence": (said(LONG), {}, TEXT, "sentence of 13", "12 words"),
    "long prompt": (door("How was", "How. " * 55 + "was"), {}, MOOD, "seconds to hear", "fewer words"),
    "gendered": (said("You are cansado"), {}, TEXT, "guesses", "round it"),
}


@pytest.mark.parametrize(("changes", "files", "where", "wrong", "instead"), WARNED.values(), ids=WARNED)
def test_a_rule_can_warn(tmp_path, changes, files, where, wrong, instead):
    found = problems(tmp_path, changes, files, gendered=["cansado"])
    fitting = [each for each in found if wrong in each.wrong and instead in each.instead]
    assert fitting, "\n".join(map(str, found))
    assert (fitting[0].file, fitting[0].line, fitting[0].severity) == (*where, "warning")


@pytest.mark.parametrize("name", ["person", "crisis"])
def test_a_flow_that_must_be_there(tmp_path, name):
    files = {"welcome.yaml": WELCOME, "exercises/b.yaml": EXERCISE}
    path = write(tmp_path, files)
    loaded = load(path, ENGLISH, ACTIONS, FACTS, VALUES)
    found = check({"en": Tongue(loaded, str, seconds, sent, len)}, sources(path), [])
    assert f"there is no flow {name!r}" in [each.wrong for each in found]


def test_a_flow_begun_from_outside_is_reached(tmp_path):
    assert problems(tmp_path, files={"x.yaml": ALONE}, also=["x"]) == []


def test_a_text_must_be_translated_and_not_grow_too_long(tmp_path):
    path = write(tmp_path, SOUND)
    known = {text.text: text.text for text in texts(path)}
    known["Goodbye."] = "Goodbye and come back at any hour that you like."
    del known["How was today?"]
    longer, missing = sorted(problems(tmp_path, translations=known), key=lambda each: each.severity, reverse=True)
    assert longer[:4] == (*TEXT, "warning", "es")
    assert missing[:5] == ("flows/welcome.yaml", 12, "error", "es", "not translated: 'How was today?'")


def test_languages_have_the_same_nodes(tmp_path):
    path = write(tmp_path, SOUND)
    loaded = load(path, ENGLISH, ACTIONS, FACTS, VALUES)
    other = loaded._replace(language="es", nodes={**loaded.nodes, ("welcome", "bye"): loaded.nodes["welcome", "door"]})
    tongues = {flows.language: Tongue(flows, str, seconds, sent, len) for flows in (loaded, other)}
    found = [each for each in check(tongues, sources(path), []) if "differs between languages" in each.wrong]
    assert [(each.line, each.language) for each in found] == [(23, "es")]


def test_texts_come_with_their_place(tmp_path):
    found = list(texts(write(tmp_path, {"t.yaml": WELCOME, "phrases.yaml": PHRASES})))
    assert [each.text for each in found if each.file == "flows/phrases.yaml"][:2] == [
        "There is time.",
        "There is no hurry.",
    ]
    hello = next(each for each in found if each.text == "Hello. To end texts: STOP.")
    assert (hello.line, hello.path) == (5, ("nodes", "door", "steps", "say", "sms"))
    assert (hello.is_written, hello.is_spoken) == (True, False)
    assert not {"bye", "exercises", "mood"} & {each.text for each in found}
