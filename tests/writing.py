"""What tests of flows share: a small language, and a folder with what an author would write into it."""

from pathlib import Path
from textwrap import dedent

from ivr.engine.load import FlowErrors, Mistake, Vocabulary, load
from ivr.engine.model import Flows

ENGLISH = Vocabulary(
    "en",
    lambda text: text,
    ("yes", "yeah", "ok", "of course"),
    ("no", "nope", "no thanks"),
    ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    (("en", "English"), ("es", "Español"), ("sw", "Kiswahili")),
    lambda text: text if text.startswith("+") else None,
)
SPANISH_TEXTS = {
    "Red": "Rojo",
    "red, reddish": "rojo, roja",
    "Blue": "Azul",
    "blue, bluish": "azul, azulado",
    "colour, color": "color",
}
SPANISH = ENGLISH._replace(language="es", translate=lambda text: SPANISH_TEXTS.get(text, text), yes=("sí",), no=("no",))
ACTIONS = ("ring_somebody", "record_exercise", "request_callback", "choose_language")
FACTS = ("hours", "on_duty", "language", "channel")
VALUES = {"opens_at": "time", "emergency_number": "digits", "name": "text"}
PHRASES = """
silence_1: There is time.
silence_2: There is no hurry.
unclear_1: The line did not understand.
unclear_2: The line is not clear today.
more: More
press_0: press zero
"""
ELSE = "\n    else: bye\n  bye: {steps: [{say: Goodbye.}]}\n"


def write(folder: Path, files: dict[str, str]) -> Path:
    """A folder named flows with these files, and phrases unless they bring their own."""
    for name, text in {"phrases.yaml": PHRASES, **files}.items():
        path = folder / "flows" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return folder / "flows"


def flows(folder: Path, files: dict[str, str], vocabulary: Vocabulary = ENGLISH) -> Flows:
    """These files, loaded."""
    return load(write(folder, files), vocabulary, ACTIONS, FACTS, VALUES)


def mistakes(folder: Path, files: dict[str, str], vocabulary: Vocabulary = ENGLISH) -> tuple[Mistake, ...]:
    """The mistakes in these files; () where there are none."""
    try:
        flows(folder, files, vocabulary)
    except FlowErrors as error:
        return error.mistakes
    return ()
