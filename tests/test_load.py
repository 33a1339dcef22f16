"""From YAML to flows: what every keyword of the notation becomes, and the five conversations it was made for."""

from time import perf_counter

import pytest

from ivr import conversations
from ivr.engine.load import load, sources
from ivr.engine.model import Ask, Await, Cases, Choice, Do, Menu, Pause, Play, Say, Switch, Target, Wait, Way
from tests.writing import ELSE, ENGLISH, SPANISH, flows, write

HEAD = "title: A\nnodes:\n  a:\n"


def question(folder, body, name="a", **files):
    """The question of a node with this body, beside a node `bye`."""
    loaded = flows(folder, {"t.yaml": HEAD + body + ELSE, **files})
    return loaded.nodes["t", name].exit


def nodes(folder, body, **files):
    return flows(folder, {"t.yaml": HEAD + body + ELSE, **files}).nodes


BYE = Target("t", "bye")


# Steps --------------------------------------------------------------------------------------------------------------


def test_steps(tmp_path):
    steps = """\
    steps:
      - say: Hello.
      - say: {voice: Breathe in.}
        for: 4 seconds
      - say: {sms: "At {opens_at}, {name}."}
        alone: yes
      - play: bell
      - pause: 1 second
      - repeat: 2
        steps:
          - say: {voice: In.}
          - repeat: 2
            steps: [{pause: 3 seconds}]
      - do: record_exercise
    goto: bye
  bye: {steps: [{say: Goodbye.}]}
"""
    loaded = flows(tmp_path, {"t.yaml": HEAD + steps})
    once = (Say("In.", ""), Pause(3), Pause(3))
    assert loaded.nodes["t", "a"].steps == (
        Say("Hello.", "Hello."),
        Say("Breathe in.", "", lasts=4),
        Say("", "At {opens_at}, {name}.", alone=True),
        Play("bell"),
        Pause(1),
        *once,
        *once,
        Do("record_exercise", "t"),
    )
    assert loaded.nodes["t", "a"].exit == BYE
    assert loaded.nodes["t", "bye"].exit is None


def test_a_flow_knows_its_own_facts(tmp_path):
    text = "title: Today\nkeywords: Mood, check  in\nkeep: six\nnodes:\n  a: {ask: date, save: x, else: a}\n"
    loaded = flows(tmp_path, {"t.yaml": text}).flows["t"]
    assert loaded == ("t", "a", "Today", ("mood", "check in"), "six")


def test_phrases_are_one_text_or_one_for_each_channel(tmp_path):
    phrases = 'bye: Goodbye.\npress: {voice: "press {key}", sms: "{key} = {label}"}\n'
    loaded = flows(tmp_path, {"phrases.yaml": phrases, "t.yaml": HEAD + "    steps: [{say: Hi.}]\n"})
    assert loaded.phrases == {"bye": "Goodbye.", "press.voice": "press {key}", "press.sms": "{key} = {label}"}


# Menus --------------------------------------------------------------------------------------------------------------


def test_a_choice_keeps_its_value_or_the_label_as_it_is_written(tmp_path):
    menu = (
        "    menu: [{label: Red, words: 'red, reddish'}, {label: Blue, value: b, words: 'blue, bluish'}]\n    save: c\n"
    )
    loaded = flows(tmp_path, {"t.yaml": HEAD + menu + ELSE}, SPANISH).nodes["t", "a"].exit
    assert loaded.first.choices == (Choice("1", "Rojo"), Choice("2", "Azul"))
    assert loaded.save == "c"
    red, blue = Way("Red", BYE), Way("b", BYE)
    assert {text: way for text, way in loaded.ways.items() if way == red} == dict.fromkeys(
        ["rojo", "roja", "one", "1"], red
    )
    assert loaded.otherwise("hoy muy roja, creo") == red
    assert loaded.otherwise("AZÚL!") == blue
    assert loaded.otherwise("red") is None


def test_the_way_of_an_answer(tmp_path):
    body = """\
    menu:
      - {label: Own, value: 1, goto: own}
      - {label: Exact, value: 2}
      - {label: Range, value: 3}
      - {label: Rest}
    cases: {1: bye, 2: exact, 3-5: range}
    goto: rest
    else: bye
  own: {steps: [{say: x}]}
  exact: {steps: [{say: x}]}
  range: {steps: [{say: x}]}
  rest: {steps: [{say: x}]}
  bye: {steps: [{say: x}]}
"""
    loaded = flows(tmp_path, {"t.yaml": HEAD + body}).nodes["t", "a"].exit
    assert [loaded.ways[key].target.node for key in "1234"] == ["own", "exact", "range", "rest"]
    assert (loaded.silence, loaded.unclear) == (BYE, BYE)


def test_without_any_goto_an_answer_goes_where_all_else_goes(tmp_path):
    assert question(tmp_path, "    menu: [{label: Low}]").ways["1"] == Way("Low", BYE)


def test_silence_and_unclear_have_ways_of_their_own(tmp_path):
    body = "    menu: [{label: Low, goto: bye}]\n    silence: a\n    unclear: t\n  bye: {steps: [{say: x}]}\n"
    loaded = flows(tmp_path, {"t.yaml": HEAD + body}).nodes["t", "a"].exit
    assert (loaded.silence, loaded.unclear) == (Target("t", "a"), Target("t", "a"))


def test_a_node_comes_before_a_flow_of_the_same_name(tmp_path):
    other = "title: B\nnodes: {first: {steps: [{say: x}]}}\n"
    loaded = nodes(
        tmp_path, "    menu: [{label: A, goto: bye}, {label: B, goto: u}]", **{"bye.yaml": other, "u.yaml": other}
    )
    assert loaded["t", "a"].exit.ways["1"].target == BYE
    assert loaded["t", "a"].exit.ways["2"].target == Target("u", "first")


def test_tries_waits_and_words_before_it_is_put_again(tmp_path):
    loaded = question(tmp_path, "    menu: [{label: Low}]\n    tries: 4")
    choices = (Choice("1", "Low"),)
    assert loaded.first == Menu(choices, Wait(8, 86400))
    assert loaded.after_silence == (
        (Say("There is time.", "There is time."), Menu(choices, Wait(10, 86400))),
        (Say("There is no hurry.", "There is no hurry."), Menu(choices, Wait(12, 86400), slow=True)),
        (Say("There is no hurry.", "There is no hurry."), Menu(choices, Wait(12, 86400), slow=True)),
    )
    assert [put[0].voice for put in loaded.after_unclear] == [
        "The line did not understand.",
        *["The line is not clear today."] * 2,
    ]


def test_own_words_before_it_is_put_again(tmp_path):
    loaded = question(tmp_path, "    ask: yes or no\n    tries: 2\n    again: {voice: Once more.}\n    wait: 5 minutes")
    assert loaded.after_silence == loaded.after_unclear == ((Say("Once more.", ""), Ask("yes or no", Wait(300, 300))),)


def test_one_try_is_never_put_again_and_waits_differ_by_channel(tmp_path):
    loaded = question(tmp_path, "    ask: date\n    tries: 1\n    wait: {sms: 1 hour}")
    assert (loaded.after_silence, loaded.after_unclear) == ((), ())
    assert loaded.first == Ask("date", Wait(8, 3600), 4)
    assert question(tmp_path, "    ask: date\n    wait: {voice: 9 seconds}").first.wait == Wait(9, 86400)


def test_shared_choices(tmp_path):
    text = (
        "title: A\nmenus:\n  often: [{label: Never, value: 0}, {label: Often, value: 1}]\nnodes:\n  a:\n    menu: often"
    )
    loaded = flows(tmp_path, {"t.yaml": text + ELSE}).nodes["t", "a"].exit
    assert [way.value for key, way in loaded.ways.items() if key.isdecimal()] == ["0", "1"]


# Lists --------------------------------------------------------------------------------------------------------------

EXERCISE = "title: {}\nkeywords: {}\n{}nodes: {{go: {{steps: [{{say: In.}}]}}}}\n"


def exercises(*titles, more=""):
    return {f"exercises/{t.lower()}.yaml": EXERCISE.format(t, f"word {t}", more) for t in titles}


def test_exercises_list_themselves_and_come_back(tmp_path):
    loaded = question(tmp_path, "    menu: {list: exercises}\n    goto: bye", **exercises("Sun", "Box"))
    assert [choice.label for choice in loaded.first.choices] == ["Box", "Sun"]
    assert loaded.ways["1"] == Way("box", Target("box", "go", back=("t", "bye")))
    assert loaded.otherwise("the word sun, please").value == "sun"


def test_a_place_comes_before_the_alphabet_and_a_listed_flow_may_stay(tmp_path):
    files = {**exercises("Box", "Sun"), **exercises("Zoo", more="place: 1\n"), **exercises("Yew", more="place: 2\n")}
    body = "    menu: {list: exercises}\n    silence: bye\n    unclear: bye\n  bye: {steps: [{say: x}]}\n"
    loaded = flows(tmp_path, {"t.yaml": HEAD + body, **files}).nodes["t", "a"].exit
    assert [choice.label for choice in loaded.first.choices] == ["Zoo", "Yew", "Box", "Sun"]
    assert loaded.ways["1"].target == Target("zoo", "go")


def test_a_flow_offers_itself_on_a_menu_beside_fixed_choices(tmp_path):
    offered = "title: Settings\noffer: main menu\nnodes: {go: {steps: [{say: x}]}}\n"
    body = "    menu:\n      list: main menu\n      and: [{label: Goodbye, goto: bye}]"
    loaded = question(tmp_path, body, **{"s.yaml": offered})
    assert [choice.label for choice in loaded.first.choices] == ["Settings", "Goodbye"]
    assert loaded.ways["2"] == Way("Goodbye", BYE)


@pytest.mark.parametrize(("count", "sizes"), [(4, [4]), (5, [4, 2]), (7, [4, 4]), (8, [4, 4, 2]), (10, [4, 4, 4])])
def test_a_long_list_pages_itself(tmp_path, count, sizes):
    loaded = nodes(tmp_path, "    steps: [{say: Hi.}]\n    menu: {list: exercises}", **exercises(*"ABCDEFGHIJ"[:count]))
    names = ["a", "a~2", "a~3"][: len(sizes)]
    pages = [loaded["t", name] for name in names]
    assert [len(page.exit.first.choices) for page in pages] == sizes
    assert [len(page.steps) for page in pages] == [1, 0, 0][: len(sizes)]
    for page, following in zip(pages, names[1:], strict=False):
        assert page.exit.first.choices[-1] == Choice("4", "More")
        assert page.exit.ways["4"] == page.exit.ways["more"] == Way("", Target("t", following))
        assert page.exit.otherwise("word d").value == "d"
    assert ("t", f"a~{len(sizes) + 1}") not in loaded


def test_a_choice_of_language_switches_behind_a_hidden_node(tmp_path):
    loaded = nodes(tmp_path, "    menu: {list: languages}\n    goto: bye")
    menu = loaded["t", "a"].exit
    assert menu.first.choices[1] == Choice("2", "Español", "es")
    assert menu.save == "language"
    assert menu.ways["2"] == menu.ways["espanol"] == Way("es", Target("t", "a~chosen"))
    assert loaded["t", "a~chosen"].exit == Await("choose_language", Cases({}, (), BYE))


# Questions ----------------------------------------------------------------------------------------------------------


def test_yes_or_no(tmp_path):
    loaded = question(tmp_path, "    ask: yes or no\n    cases: {yes: a}")
    yes, no = Way("yes", Target("t", "a")), Way("no", BYE)
    assert loaded.first == Ask("yes or no", Wait(8, 86400))
    assert loaded.ways["1"] == loaded.ways["one"] == loaded.ways["of course"] == yes
    assert loaded.ways["2"] == loaded.ways["no thanks"] == no
    assert not loaded.entry


def test_a_scale_is_one_key_and_other_numbers_are_entries(tmp_path):
    scale = question(tmp_path, "    ask: number\n    from: 1\n    to: 5\n    cases: {1-2: a, 5: a}")
    assert [scale.ways[key].target.node for key in ("1", "two", "3", "4", "5")] == ["a", "a", "bye", "bye", "a"]
    assert (scale.entry, scale.first.length, scale.otherwise("about 4")) == (False, 1, Way("4", BYE))
    week = question(tmp_path, "    ask: number\n    from: 1\n    to: 7")
    assert (week.entry, week.first.length, week.ways, week.otherwise("7")) == (True, 1, {}, Way("7", BYE))
    age = question(tmp_path, "    ask: number\n    from: 1\n    to: 120\n    cases: {1-17: a}")
    assert (age.entry, age.first.length, age.otherwise("12")) == (True, 0, Way("12", Target("t", "a")))


@pytest.mark.parametrize(
    ("kind", "length", "answer", "value"),
    [
        ("digits", 0, "12 34", "1234"),
        ("digits\n    length: 4", 4, "1234", "1234"),
        ("date", 4, "24/12", "12-24"),
        ("time", 4, "7:30", "07:30"),
        ("phone", 0, "+254700000001", "+254700000001"),
        ("own words", 0, " tired ", "tired"),
    ],
)
def test_entries(tmp_path, kind, length, answer, value):
    loaded = question(tmp_path, f"    ask: {kind}\n    save: x")
    assert (loaded.entry, loaded.first.length, loaded.ways) == (True, length, {})
    assert loaded.otherwise(answer) == Way(value, BYE)
    assert loaded.otherwise("") is None


# Other exits --------------------------------------------------------------------------------------------------------


def test_switch_do_and_run(tmp_path):
    body = """\
    switch: hours
    cases: {open: b, holiday: bye}
    else: c
  b:
    switch: [x, y]
    cases: {0-2: bye, 3: c}
    else: d
  c:
    do: ring_somebody
    cases: {answered: bye}
    else: d
  d: {run: u, goto: e}
  e: {run: u}
  f: {switch: x, cases: {"1": bye}, else: bye}
  g: {ask: date, save: x, else: bye}
  h: {ask: date, save: y, else: bye}
  bye: {steps: [{say: x}]}
"""
    files = {"t.yaml": HEAD + body, "u.yaml": HEAD + "    steps: [{say: x}]\n"}
    loaded = flows(tmp_path, files).nodes
    assert loaded["t", "a"].exit == Await(
        "hours", Cases({"open": Target("t", "b"), "holiday": BYE}, (), Target("t", "c"))
    )
    assert loaded["t", "b"].exit == Switch(("x", "y"), Cases({"3": Target("t", "c")}, ((0, 2, BYE),), Target("t", "d")))
    assert loaded["t", "c"].exit == Await("ring_somebody", Cases({"answered": BYE}, (), Target("t", "d")))
    assert loaded["t", "d"].exit == Target("u", "a", back=("t", "e"))
    assert loaded["t", "e"].exit == Target("u", "a")
    assert loaded["t", "f"].exit == Switch(("x",), Cases({"1": BYE}, (), BYE))


def test_sources_know_where_nodes_are_written(tmp_path):
    folder = write(
        tmp_path, {"t.yaml": HEAD + "    menu: [{label: A}]" + ELSE, "exercises/u.yaml": HEAD + "    goto: a\n"}
    )
    where = sources(folder)
    assert where["t", "a"] == ("flows/t.yaml", 3)
    assert where["t", "bye"] == ("flows/t.yaml", 6)
    assert where["u", ""] == ("flows/exercises/u.yaml", 1)


def test_the_shipped_flows_load_quickly(request):
    began = perf_counter()
    load(request.config.rootpath / "flows", ENGLISH, *conversations.names()[:3])
    assert perf_counter() - began < 3  # a third of a second where nothing else runs
