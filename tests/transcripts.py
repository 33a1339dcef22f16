"""Plays the transcripts of tests/scenarios: what a person does and hears, as anyone can read and write it.

Somebody says how they are                    the first line: what it is about
by: voice, sms                                played on each of these …
in: en, es, sw                                … in each language

begins                                        rings the line, or texts a first word
speaks their language                         picks it in the list of languages
picks How are you today                       the choice with this label, by its key
says yes                                      or no, by its key
hears Thank you …                             the words as English has them; … stands for any ending
never hears Warmline …                        not up to now
enters 2580                                   several digits, as an entry
presses 1 / texts hello                       keys (by text: the digit) / any words, on their own channel
is silent                                     until the line goes on by itself
hangs up, later 20 minutes, the call is over
then a call back waits                        and what is kept, see KEPT
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from people import ASHA, Line

from ivr.channels import timing
from ivr.models import Checkin, Exercise
from simulator.calls import Call

SCENARIOS = sorted((Path(__file__).parent / "scenarios").glob("*.txt"))
KEPT: dict[str, Callable[[Line], bool]] = {
    "a call back waits": lambda line: len(line.waiting()) == 1,
    "an urgent call back waits": lambda line: [bool(each.urgent_at) for each in line.waiting()] == [True],
    "no call back waits": lambda line: not line.waiting(),
    "a whole check-in is kept": lambda line: [row.finished_at is not None for row in line.rows(Checkin)] == [True],
    "a part of a check-in is kept": lambda line: [row.finished_at for row in line.rows(Checkin)] == [None],
    "no check-in is kept": lambda line: not line.rows(Checkin),
    "an exercise is kept": lambda line: len(line.rows(Exercise)) == 1,
    "no exercise is kept": lambda line: not line.rows(Exercise),
}


@dataclass(frozen=True)
class Scenario:
    """One transcript: its title, where it is played, and its lines with their numbers."""

    name: str
    title: str
    channels: tuple[str, ...]
    languages: tuple[str, ...]
    lines: tuple[tuple[int, str], ...]


def read(path: Path) -> Scenario:
    """A transcript from its file."""
    lines = enumerate(path.read_text().splitlines(), 1)
    without_comments = [(number, re.split(r"(?:^| )#", line)[0].strip()) for number, line in lines]
    filled = [(number, line) for number, line in without_comments if line]
    heads = dict(line.split(": ", 1) for _, line in filled if re.match(r"(by|in): ", line))
    body = tuple((number, line) for number, line in filled[1:] if not re.match(r"(by|in): ", line))
    return Scenario(path.stem, filled[0][1], tuple(heads["by"].split(", ")), tuple(heads["in"].split(", ")), body)


@dataclass
class Player:
    """Acts as the person of a transcript, on one channel and in one language."""

    line: Line
    channel: str
    language: str
    number: str = ASHA
    call: Call | None = None
    heard: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    def play(self, scenario: Scenario) -> None:
        """Line by line; a line that does not hold says where it stands and what was heard."""
        for number, line in scenario.lines:
            try:
                self.act(line)
            except (AssertionError, RuntimeError) as wrong:
                heard = "\n  ".join(self.heard[-4:])
                raise AssertionError(
                    f"{scenario.name}.txt:{number}: {line}\n{wrong}\nlast heard:\n  {heard}"
                ) from wrong

    def act(self, line: str) -> None:
        """One line of the transcript."""
        verbs = {"hears": self.hears, "never hears": self.never_hears, "picks": self.picks, "says": self.says}
        verbs |= {"presses": self.presses, "texts": self.texts, "later": self.later, "then": self.then}
        verbs |= {"enters": self.enters, "receives": self.receives, "goes along until": self.goes_along}
        for verb, act in verbs.items():
            if line.startswith(verb + " "):
                return act(line.removeprefix(verb + " "))
        plain = {
            "begins": self.begins,
            "begins with a hidden number": self.begins_hidden,
            "speaks their language": self.speaks,
            "is silent": self.is_silent,
        }
        plain |= {"hangs up": self.hangs_up, "the call is over": self.is_over}
        return plain[line]()

    def begins(self) -> None:
        if self.channel == "sms":
            return self.texts("hello")
        self.call = self.line.rings(self.number)
        return self.listened()

    def begins_hidden(self) -> None:
        self.call = self.line.rings(self.number, withheld="+266696687")
        self.listened()

    def speaks(self) -> None:
        self.key_of(self.line.runtime.content.languages[self.language].name)

    def picks(self, label: str) -> None:
        self.key_of(self.translated(label))

    def says(self, word: str) -> None:
        self.listens_out()
        self.presses({"yes": "1", "no": "2"}[word])

    def listens_out(self) -> None:
        """Until the question is heard: before it words may be said that no choice cuts short."""
        while self.call and getattr(self.call.step, "timeout", 0) == timing.WAIT:
            self.is_silent()

    def presses(self, keys: str) -> None:
        if self.channel == "sms":
            return self.texts(keys)
        assert self.call
        self.call.press(keys)
        return self.listened()

    def enters(self, digits: str) -> None:
        self.presses(digits if self.channel == "sms" else digits + "#")

    def texts(self, body: str) -> None:
        self.answers = self.line.texts(body, self.number)
        self.heard.append("\n".join(self.answers) or "(nothing)")

    def is_silent(self) -> None:
        assert self.call, "nobody is silent by text: `later` lets time go by"
        self.call.wait()
        self.listened()

    def goes_along(self, words: str) -> None:
        """By voice: hears everything out, without a key, until these words come."""
        while self.channel == "voice" and not self.is_heard(words):
            self.is_silent()
        self.hears(words)

    def is_heard(self, words: str) -> bool:
        return any(plain(text) in plain(self.heard[-1]) for text in self.all_translated(words))

    def hangs_up(self) -> None:
        assert self.call
        self.call.hang_up()

    def is_over(self) -> None:
        assert self.call is None or self.call.ended

    def later(self, span: str) -> None:
        amount, unit = span.split()
        self.line.later(**{unit.rstrip("s") + "s": float(amount)})

    def hears(self, words: str) -> None:
        expected = self.all_translated(words)
        assert expected, f"no text of the flows begins with {words!r}"
        assert self.is_heard(words), f"not heard: {expected}"

    def receives(self, words: str) -> None:
        """The first text that came back, which must be whole by itself."""
        first = self.answers[0]
        assert any(plain(text) in plain(first) for text in self.all_translated(words)), f"came first: {first}"

    def never_hears(self, words: str) -> None:
        for text in self.all_translated(words):
            assert plain(text) not in plain(" ".join(self.heard)), f"was heard: {text}"

    def then(self, fact: str) -> None:
        assert KEPT[fact](self.line), "it is not so"

    def listened(self) -> None:
        assert self.call
        self.heard.append(self.call.prompt)

    def key_of(self, label: str) -> None:
        self.listens_out()
        """Presses the key that was said or written for this label."""
        heard = plain(self.heard[-1])
        assert plain(label) in heard, f"no such choice: {label}"
        if self.channel == "sms":
            found = re.search(rf"(\d) {re.escape(plain(label))}", heard)
            assert found
            return self.presses(found[1])
        after = heard.split(plain(label), 1)[1].split()
        return self.presses(next(key for word in after for key in self.digit(word)))

    def digit(self, word: str) -> list[str]:
        """The key that a word like 'one' means in any language."""
        languages = self.line.runtime.content.languages.values()
        return [str(each.numbers.index(word)) for each in languages if word in each.numbers[:10]]

    def translated(self, text: str) -> str:
        return self.line.runtime.content.languages[self.language].gettext(text)

    def all_translated(self, words: str) -> list[str]:
        """What these English words (… for any ending, / between two wordings) are in this language, up to a value."""
        texts = self.texts_of_flows()
        found = {text for wording in words.split(" / ") for text in texts if is_meant(wording, text)}
        return [re.split(r"\{", self.translated(text))[0] for text in found]

    def texts_of_flows(self) -> set[str]:
        languages = self.line.runtime.content.languages
        flows = self.line.runtime.content.flows["en"]
        said = {
            getattr(step, channel, "")
            for node in flows.nodes.values()
            for step in node.steps
            for channel in ("voice", "sms")
        }
        return {languages["en"].source(text) for text in {*said, *flows.phrases.values()} if text}


def is_meant(words: str, text: str) -> bool:
    return text.startswith(words[:-1].rstrip()) if words.endswith("…") else text == words


def plain(text: str) -> str:
    """Words alone, for comparing: how a channel joins and marks them is not what a transcript is about."""
    return " ".join(re.sub(r"[^\w ]", " ", text.casefold()).split())
