"""`flask flows check`: all that can be proved of flows and languages without ringing them."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from ivr import conversations, hotlines, i18n, sound
from ivr.channels import sms
from ivr.channels.segments import segments
from ivr.channels.voice import Voice
from ivr.content import check_opened, flows_by_language, voice_of
from ivr.engine.check import Problem, Tongue, check
from ivr.engine.load import FlowErrors, sources
from ivr.engine.model import Flows, Put
from ivr.engine.texts import texts
from ivr.hearing import learning, likeness
from ivr.hotlines import Directory
from ivr.i18n import Language
from ivr.people import windows
from ivr.team import hours

AUDIO = "https://line.example.org/audio"


def problems(home: Path) -> list[Problem]:
    """Every problem of the `flows/` and `locales/` of `home`; where they cannot even be read, every mistake."""
    try:
        languages = i18n.languages(home / "locales")
        flows = flows_by_language(home, languages, conversations.names(), lambda text: text)
        check_opened(next(iter(flows.values())), conversations.names())
    except FlowErrors as error:
        return [Problem(each.file, each.line, "error", "", each.wrong, each.instead) for each in error.mistakes]
    hours.load(home / "flows" / "hours.yaml")
    windows.load(home / "flows" / "quiet_hours.yaml")
    values = _longest(hotlines.load(home / "flows" / "hotlines.yaml"))
    tongues = {code: _tongue(languages, code, flows[code], values) for code in languages}
    found = check(
        tongues, sources(home / "flows"), texts(home / "flows"), also=_outside(tongues), outgoing=conversations.OUTGOING
    )
    return sorted([*found, *_recordings(languages, flows), *_learnt(home / "locales")])


def _learnt(locales: Path) -> Iterator[Problem]:
    """Whether what is like danger was learnt from the sentences as they now stand."""
    try:
        learnt_from = likeness.read(locales / likeness.FILE).learnt_from
    except likeness.BadLikeness:
        learnt_from = ""
    if learnt_from != learning.source(locales):
        wrong = "what is like danger was not learnt from the sentences of */danger.txt as they now stand"
        yield Problem(likeness.FILE, 1, "error", "", wrong, "Run `make learn`")


def _outside(tongues: Mapping[str, Tongue]) -> list[str]:
    """Those of the flows that the program opens by itself which are there."""
    there = {name for tongue in tongues.values() for name in tongue.flows.flows}
    return [name for name in conversations.OUTSIDE if name in there]


def _tongue(languages: Mapping[str, Language], code: str, flows: Flows, values: Mapping[str, str]) -> Tongue:
    language = languages[code]
    voice: Voice = voice_of(languages, code, flows, AUDIO)

    def translated(text: str) -> str | None:
        return language.gettext(text) if code == "en" or text in language.catalogue.known else None

    def written(outputs: Put) -> list[str]:
        return sms.render(outputs, values, flows.phrases, language.formatter)

    return Tongue(
        flows,
        translated,
        lambda outputs: voice.seconds(outputs, values),
        written,
        lambda text: segments(text).count,
        language.first_choice,
        language.words.get("stop", ()),
        language.avoid.get("unsafe", ()),
        language.avoid.get("gendered", ()),
        language.avoid.get("sensitive", ()),
    )


def _longest(directory: Directory) -> Mapping[str, str]:
    """The longest that each value can be, so that a text that fits with it always fits."""
    pairs = directory.ever()
    return {
        "emergency_number": max((each.emergency for each in pairs), key=len),
        "hotline_number": max((each.line for each in pairs), key=len),
        "service_number": "+254700000100",
        "opens_at": "12:45",
        "opens_on": "2",
        **dict.fromkeys(("ring_from", "ring_until", "duty_until"), "12:45"),
        "ring_on": "2",
        "reminder_at": "12:45",
        "reminder_on": "2",
        "receipt": "123456",
        **dict.fromkeys(("checkins_kept", "exercises_kept", "texts_kept", "days_kept"), "1234"),
        **dict.fromkeys(("reminders_kept", "calls_wanted", "requests_new", "requests_ready", "my_request"), "12"),
    }


def _recordings(languages: Mapping[str, Language], flows: Mapping[str, Flows]) -> Iterator[Problem]:
    """A language without a voice at the carrier needs a recording of every text."""
    for code, language in languages.items():
        if language.sound.voice is None:
            for text in sound.report(flows[code], language).missing:
                instead = f"Record it, or run `make recordings LANGUAGE={code}`"
                yield Problem(f"{code}/audio/index.csv", 1, "error", code, f"{text!r} has no recording", instead)


def main(home: Path) -> int:
    """Prints all problems; 1 when one of them is an error."""
    found = problems(home)
    for problem in found:
        print(problem)
    errors = sum(problem.severity == "error" for problem in found)
    print(f"{errors} errors, {len(found) - errors} warnings")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).parent.parent))
