"""Every mistake an author can make is named with its file, its line, and what to write instead."""

import pytest

from ivr.engine.load import FlowErrors
from tests.writing import ENGLISH, flows, mistakes

HEAD = "title: A\nnodes:\n  a:\n"  # three lines
STEP = HEAD + "    steps:\n"  # the first step stands on line 5
QUESTION = HEAD + "    menu:\n      - {label: Well, goto: a}\n"
ASK = HEAD + "    else: a\n"

# what is written, on which line it is wrong, what is said of it, what to do
TRAPS = {
    "comment in a text": (STEP + "      - say: Press # for more\n", 5, "what stands after # is lost", "in quotes"),
    "comment instead of a text": (STEP + "      - say: # hello\n", 5, "after # is lost", "in quotes"),
    "comma in braces": (HEAD + "    menu: [{label: Low, but ok}]\n    else: a\n", 4, "'but ok' became", "in quotes"),
    "comma in a say": (STEP + "      - say: {voice: Hold, please.}\n", 5, "'please.' became", "in quotes"),
    "no space after a colon": (HEAD + "    menu: [{label: Low, goto:a}]\n    else: a\n", 4, "no space", "'goto: a'"),
    "colon in a text": (STEP + "      - say: Hello: it is me\n", 5, "a colon and a space", "in quotes"),
    "placeholder first": (STEP + "      - say: {opens_at:time} we open\n", 5, "have ended", "in quotes"),
    "placeholder alone": (STEP + "      - say: {opens_at:time}\n", 5, "begin with a brace", "in quotes"),
    "star": (STEP + "      - say: *yes\n", 5, "begins with *", "in quotes"),
    "anchor": (STEP + "      - say: &yes hello\n", 5, "begins with & or *", "in quotes"),
    "alias": (STEP + "      - say: &a hello\n      - say: *a\n", 5, "begins with & or *", "in quotes"),
    "tag": (STEP + "      - say: !yes hello\n", 5, "begins with !", "in quotes"),
    "at": (STEP + "      - say: @home\n", 5, "means something else to the machine", "in quotes"),
    "percent": (STEP + "      - say: '100'\n      - say: %x\n", 6, "means something else", "in quotes"),
    "square brackets": (STEP + "      - say: [one, two]\n", 5, "read as a list", "in quotes"),
    "tab": (STEP + "\t  - say: Hello\n", 5, "a tab", "spaces"),
    "open quotes": (STEP + '      - say: "Hello\n', 5, "never closed", 'second "'),
    "words after quotes": (STEP + '      - say: "Hello" you\n', 5, "have ended", "in quotes"),
    "backslash": (STEP + '      - say: "a\\q"\n', 5, "backslash", "single quotes"),
    "open bracket": (HEAD + "    menu: [{label: Low}\n", 4, "never closed", "closing"),
    "wrong column": (STEP + "      - say: Hello\n   goto: a\n", 6, "column", "indent"),
    "two documents": (HEAD + "    goto: a\n---\ntitle: B\n", 5, "---", "a file of each"),
    "no colon": (HEAD + "    goto\n    else: a\n", 4, "no colon", "'name: …'"),
    "twice": (HEAD + "    goto: a\n    goto: a\n", 5, "stands here twice", "one of the two"),
    "node twice": (HEAD + "    goto: a\n  a:\n    goto: a\n", 5, "'a' stands here twice", "one of the two"),
    "unknown keyword": (HEAD + "    stpes: []\n    goto: a\n", 4, "'stpes' means nothing", "'steps'"),
    "unknown in a flow": ("titel: A\ntitle: A\nnodes:\n  a: {goto: a}\n", 1, "'titel' means nothing", "'title'"),
    "unknown step": (STEP + "      - sya: Hello\n", 5, "'sya' means nothing", "'say'"),
    "unknown in a choice": (HEAD + "    menu: [{lable: Low, goto: a}]\n    else: a\n", 4, "'lable'", "'label'"),
    "no title": ("nodes:\n  a: {steps: [{say: Hi.}]}\n", 1, "no title", "'title: …'"),
    "no nodes": ("title: A\n", 1, "no nodes", "'nodes:'"),
    "empty nodes": ("title: A\nnodes: {}\n", 2, "there is no node", "write one"),
    "empty node": (HEAD, 3, "says nothing and leads nowhere", "take it out"),
    "empty file": ("# nothing\n", 1, "the file is empty", "a title and nodes"),
    "empty text": (STEP + '      - say: ""\n', 5, "is empty", "write the words"),
    "say of nothing": (STEP + "      - say: {}\n", 5, "say has no words", "{voice: …}"),
    "empty goto": (HEAD + "    goto:\n", 4, "nothing stands after goto", "take the line out"),
    "empty steps": (HEAD + "    steps: []\n", 4, "steps is empty", "at least one"),
    "steps without dash": (HEAD + "    steps:\n      say: Hello\n", 4, "steps must be a list", "'- ' before it"),
    "step that is a text": (STEP + "      - Hello\n", 5, "does not say what it does", "'- say: …'"),
    "two steps in one": (STEP + "      - say: Hello\n        play: bell\n", 5, "does two things", "line of its own"),
    "pause with for": (STEP + "      - pause: 1 second\n        for: 2 seconds\n", 6, "does not belong", "take it out"),
    "pause without unit": (STEP + "      - pause: 4\n", 5, "pause cannot be '4'", "4 seconds"),
    "pause of nothing": (STEP + "      - pause: 0 seconds\n", 5, "pause cannot be", "4 seconds"),
    "repeat of nothing": (STEP + "      - repeat: 4\n", 5, "does not say what", "'steps:'"),
    "repeat too often": (STEP + "      - repeat: 99\n        steps: [{say: In.}]\n", 5, "cannot be '99'", "1 to 50"),
    "too many steps": (
        STEP + "      - repeat: 50\n        steps: [{repeat: 50, steps: [{say: In.}]}]\n",
        4,
        "these are 2500 steps",
        "at most 500",
    ),
    "alone": (STEP + "      - say: Hi.\n        alone: true\n", 6, "alone cannot be 'true'", "'alone: yes'"),
    "unknown action": (STEP + "      - do: ring_sombody\n", 5, "no action 'ring_sombody'", "'ring_somebody'"),
    "nowhere": (HEAD + "    goto: later\n", 4, "no node and no flow 'later'", "use one of: a"),
    "nearly somewhere": (HEAD + "    goto: bb\n  bbb: {goto: a}\n", 4, "'bb'", "did you mean 'bbb'"),
    "two exits": (
        HEAD + "    menu: [{label: Low}]\n    ask: date\n    else: a\n",
        5,
        "both 'menu' and 'ask'",
        "two nodes",
    ),
    "save without question": (HEAD + "    goto: a\n    save: x\n", 5, "'save' does not belong", "only a question"),
    "else without question": (STEP + "      - say: Hi.\n    else: a\n", 6, "'else' does not belong", "'goto: …'"),
    "no way out": (QUESTION, 3, "no way out", "'else: …'"),
    "silence is not enough": (QUESTION + "    silence: a\n", 3, "no way out", "'else: …'"),
    "menu that is not there": (HEAD + "    menu: oftn\n    else: a\n", 4, "no menu 'oftn'", "nothing that it could"),
    "choice without label": (HEAD + "    menu: [{goto: a}]\n    else: a\n", 4, "no label", "{label: …"),
    "label like a key": (HEAD + '    menu: [{label: "3"}]\n    else: a\n', 4, "taken for a key", "in words"),
    "word like a key": (
        HEAD + '    menu: [{label: Low, words: "low, 7"}]\n    else: a\n',
        4,
        "'7' is a key",
        "take it out",
    ),
    "words in a list": (HEAD + "    menu: [{label: Low, words: [a, b]}]\n    else: a\n", 4, "one line", "commas"),
    "seven choices": (
        HEAD + f"    menu: [{', '.join(f'{{label: {x}}}' for x in 'abcdefg')}]\n    else: a\n",
        4,
        "7",
        "list",
    ),
    "two choices alike": (
        HEAD + "    menu: [{label: Red}, {label: RED}]\n    else: a\n",
        4,
        "'red' means two",
        "other words",
    ),
    "list of nothing": (HEAD + "    menu: {list: exercses}\n    else: a\n", 4, "'exercses'", "'exercises'"),
    "menu without list": (HEAD + "    menu: {and: [{label: A}]}\n    else: a\n", 4, "lists nothing", "{list: …}"),
    "case of no choice": (QUESTION + "    cases: {wll: a}\n    else: a\n", 6, "no answer has the value 'wll'", "Well"),
    "case of yes or no": (ASK + "    ask: yes or no\n    cases: {ja: a}\n", 6, "value 'ja'", "yes"),
    "case out of bounds": (ASK + "    ask: number\n    from: 1\n    to: 6\n    cases: {5-7: a}\n", 8, "'5-7'", "1-6"),
    "case of a date": (ASK + "    ask: date\n    cases: {12-24: a}\n", 6, "nobody can foresee", "'goto: …'"),
    "ranges backwards": (ASK + "    ask: number\n    from: 1\n    to: 6\n    cases: {4-2: a}\n", 8, "backwards", "2-4"),
    "ranges overlap": (
        HEAD + "    ask: number\n    from: 1\n    to: 6\n    save: x\n    goto: b\n    else: a\n"
        "  b:\n    switch: [x]\n    cases: {0-2: a, 2-4: b}\n    else: a\n",
        12,
        "overlap",
        "after the other's end",
    ),
    "sum of words": (
        HEAD + "    ask: date\n    save: x\n    goto: b\n    else: a\n"
        "  b:\n    switch: [x]\n    cases: {low: a}\n    else: a\n",
        10,
        "'low'",
        "0-999999",
    ),
    "zero is a person": (ASK + "    ask: number\n    from: 0\n    to: 6\n", 6, "from", "1"),
    "unknown question": (ASK + "    ask: nmber\n", 5, "the kind 'nmber'", "'number'"),
    "number without bounds": (ASK + "    ask: number\n", 5, "needs bounds", "'from: 1'"),
    "bounds of a date": (ASK + "    ask: date\n    from: 1\n", 6, "'from' does not belong", "take it out"),
    "length of a number": (
        ASK + "    ask: number\n    from: 1\n    to: 5\n    length: 2\n",
        8,
        "'length'",
        "take it out",
    ),
    "bounds backwards": (ASK + "    ask: number\n    from: 5\n    to: 2\n", 7, "to cannot be '2'", "from 6"),
    "bounds in words": (ASK + "    ask: number\n    from: one\n    to: 2\n", 6, "from cannot be 'one'", "whole number"),
    "tries": (ASK + "    ask: date\n    tries: 0\n", 6, "tries cannot be '0'", "from 1 to 5"),
    "wait": (ASK + "    ask: date\n    wait: long\n", 6, "wait cannot be 'long'", "4 seconds"),
    "wait for whom": (ASK + "    ask: date\n    wait: {text: 1 day}\n", 6, "'text' means nothing", "sms"),
    "switch without else": (HEAD + "    switch: hours\n    cases: {open: a}\n", 4, "not in its cases", "'else: …'"),
    "switch without cases": (HEAD + "    switch: hours\n    else: a\n", 4, "needs cases", "cases"),
    "switch on nothing": (
        HEAD + "    switch: mood\n    cases: {low: a}\n    else: a\n",
        4,
        "ever saved as 'mood'",
        "hours",
    ),
    "nearly a fact": (HEAD + "    switch: hour\n    cases: {open: a}\n    else: a\n", 4, "'hour'", "'hours'"),
    "action without a way": (HEAD + "    do: ring_somebody\n", 4, "where it leads", "'else: …'"),
    "run nothing": (HEAD + "    run: breath\n    goto: a\n", 4, "no flow 'breath'", "t"),
    "unknown value": (STEP + "      - say: At {opnes_at:time}.\n", 5, "known as {opnes_at:time}", "{opens_at:time}"),
    "value without kind": (STEP + "      - say: At {opens_at}.\n", 5, "how it is spoken", "{opens_at:time}"),
    "value of another kind": (STEP + "      - say: {sms: 'At {opens_at:day}.'}\n", 5, "spoken", "{opens_at:time}"),
    "value that has no sound": (STEP + "      - say: Hello {name}.\n", 5, "cannot be spoken", "sms: …"),
    "lone brace": (STEP + "      - say: Hello }.\n", 5, "stands alone", "{opens_at:time}"),
    "name of a node": ("title: A\nnodes:\n  a b: {goto: a b}\n", 3, "'a b' cannot be the name", "letters"),
    "list as a name": ("title: [A]\nnodes:\n  a: {steps: [{say: Hi.}]}\n", 1, "title must be a word", "one word"),
    "list as a flow": ("- title\n- nodes\n", 1, "has no names in it", "'name: …'"),
    "keep nothing": ("title: A\nkeep: x\nnodes:\n  a: {steps: [{say: Hi.}]}\n", 2, "no answer is saved", "'save: …'"),
    "place": ("title: A\nplace: first\nnodes:\n  a: {steps: [{say: Hi.}]}\n", 2, "place cannot be 'first'", "number"),
}


@pytest.mark.parametrize(("text", "line", "wrong", "instead"), TRAPS.values(), ids=TRAPS)
def test_a_mistake_is_named_with_its_line_and_what_to_write(tmp_path, text, line, wrong, instead):
    found = mistakes(tmp_path, {"t.yaml": text})
    fitting = [each for each in found if wrong in each.wrong and instead in each.instead]
    assert fitting, found
    assert (fitting[0].file, fitting[0].line) == ("flows/t.yaml", line)


def test_it_reads_like_a_sentence_with_a_place_before_it(tmp_path):
    (found,) = mistakes(tmp_path, {"t.yaml": HEAD + "    goto: b\n"})
    assert str(found) == "flows/t.yaml:4: there is no node and no flow 'b'. Use one of: a, t."


def test_all_mistakes_of_all_files_come_at_once_in_order(tmp_path):
    files = {"b.yaml": "titel: B\n", "a.yaml": HEAD + "    goto: x\n    save: y\n", "exercises/c.yaml": "\ttitle: C\n"}
    with pytest.raises(FlowErrors) as caught:
        flows(tmp_path, files)
    lines = [(each.file, each.line) for each in caught.value.mistakes]
    assert lines == sorted(lines)
    assert {file for file, _ in lines} == {"flows/a.yaml", "flows/b.yaml", "flows/exercises/c.yaml"}
    assert str(caught.value).count("\n") == len(lines) - 1


def test_a_comment_behind_a_name_or_a_quoted_text_is_no_trap(tmp_path):
    text = HEAD + '    steps: [{say: "Press # now"}] # a comment\n    goto: b # another\n  b: # a third\n    steps:\n'
    assert not mistakes(tmp_path, {"t.yaml": text + "      - say: 'Hello' # spoken\n"})


def test_a_translation_must_keep_its_braces(tmp_path):
    spanish = ENGLISH._replace(language="es", translate=lambda text: text.replace("{opens_at:time}", "{abre:time}"))
    (found,) = mistakes(tmp_path, {"t.yaml": STEP + '      - say: "At {opens_at:time}."\n'}, spanish)
    assert (found.line, found.instead) == (5, "it needs {opens_at:time}")
    assert "'es'" in found.wrong


def test_one_keyword_cannot_open_two_flows(tmp_path):
    text = "title: A\nkeywords: {}\nnodes:\n  a: {{steps: [{{say: Hi.}}]}}\n"
    (found,) = mistakes(tmp_path, {"a.yaml": text.format("calm, Rest"), "b.yaml": text.format("rest")})
    assert (found.file, found.line, found.wrong) == ("flows/b.yaml", 2, "the keyword 'rest' opens a too")


@pytest.mark.parametrize("name", ["more", "silence_1", "unclear_2"])
def test_a_missing_phrase_is_missed_where_it_is_needed(tmp_path, name):
    phrases = "\n".join(
        f"{each}: x" for each in ("more", "silence_1", "silence_2", "unclear_1", "unclear_2") if each != name
    )
    text = HEAD + "    menu: {list: x}\n    else: a\n"
    listed = {
        f"{at}.yaml".replace(str(at), "x" * at): f"title: {at}x\noffer: x\nnodes: {{a: {{goto: a}}}}\n"
        for at in range(1, 6)
    }
    found = mistakes(tmp_path, {"phrases.yaml": phrases, "t.yaml": text, **listed})
    assert [each.line for each in found] == [3]
    assert "phrases.yaml" in found[0].instead


def test_files_that_would_be_overlooked(tmp_path):
    fine = HEAD + "    steps: [{say: Hi.}]\n"
    found = mistakes(tmp_path, {"t.yaml": fine, "u.yml": fine, "exercises/t.yaml": fine, "exercises/v-1!.yaml": fine})
    wrong = {each.file: each.wrong for each in found}
    assert "two files named t.yaml" in wrong["flows/exercises/t.yaml"]
    assert "is not read" in wrong["flows/u.yml"]
    assert "'v-1!' cannot be the name" in wrong["flows/exercises/v-1!.yaml"]


def test_an_encoding_that_is_not_utf_8_and_an_empty_folder(tmp_path):
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "t.yaml").write_bytes(b"title: \xff\n")
    assert [each.wrong for each in mistakes(tmp_path, {})] == ["the file is not written in UTF-8"]
    (tmp_path / "flows" / "t.yaml").unlink()
    assert [each.wrong for each in mistakes(tmp_path, {})] == ["there is no flow here"]
