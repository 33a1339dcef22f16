"""TwiML read and checked: bytes in, verbs out, or the error that Twilio would log."""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from simulator.schema import SMS, SSML, VOICE, Rule

LIMIT = 64 * 1024
TYPES = ("text/xml", "application/xml")
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
BREAKS = {"none": 0.0, "x-weak": 0.25, "weak": 0.5, "medium": 0.75, "strong": 1.0, "x-strong": 1.5}


class TwimlError(Exception):
    """The document cannot be obeyed; `code` is Twilio's."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Verb:
    """One element: its attributes, its text, how long its SSML breaks last, and what it holds."""

    name: str
    attributes: Mapping[str, str]
    text: str = ""
    breaks: float = 0.0
    children: tuple["Verb", ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """An attribute, or `default`."""
        return self.attributes.get(name, default)

    def number(self, name: str, default: int) -> int:
        """An attribute as a whole number."""
        return int(self.attributes.get(name, default))


@dataclass(frozen=True)
class Document:
    """The verbs of one answer, and the address they came from, against which theirs are resolved."""

    url: str
    verbs: tuple[Verb, ...] = ()

    @property
    def rejects(self) -> bool:
        """The call is not to be answered at all."""
        return bool(self.verbs) and self.verbs[0].name == "Reject"


NOTHING_MORE = Document("")


def read_voice(url: str, content_type: str, body: bytes) -> Document:
    """The verbs for a call. Raises TwimlError."""
    return Document(url, _read(VOICE, content_type, body))


def read_sms(url: str, content_type: str, body: bytes) -> Document:
    """The verbs in answer to a text. Raises TwimlError."""
    return Document(url, _read(SMS, content_type, body))


def _read(rules: Mapping[str, Rule], content_type: str, body: bytes) -> tuple[Verb, ...]:
    kind = content_type.partition(";")[0].strip().lower()
    if len(body) > LIMIT:
        raise TwimlError(11750, f"the document has {len(body)} bytes, more than {LIMIT}")
    if not body.strip():
        raise TwimlError(11770, "the answer is empty")
    if kind not in TYPES:
        raise TwimlError(12300, f"the content type is {kind or 'missing'}, not text/xml")
    return _checked(rules, _parsed(body)).children


def _parsed(body: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise TwimlError(12100, "the document has a document type declaration")
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise TwimlError(12100, f"the document is no XML: {error}") from error
    if root.tag != "Response":
        raise TwimlError(12100, f"the document begins with <{root.tag}>, not <Response>")
    return root


def _checked(rules: Mapping[str, Rule], element: ElementTree.Element) -> Verb:
    rule = rules[element.tag]
    _check_attributes(rule, element)
    if element.tag == "Say":
        return Verb("Say", dict(element.attrib), _spoken(element), sum(_break(part) for part in element.iter()))
    children = [_child(rules, rule, element.tag, child) for child in element]
    _check_text(rule, element)
    return Verb(element.tag, dict(element.attrib), (element.text or "").strip(), 0.0, tuple(children))


def _child(rules: Mapping[str, Rule], rule: Rule, parent: str, child: ElementTree.Element) -> Verb:
    if child.tag not in rule.children:
        raise TwimlError(12200, f"<{child.tag}> is not allowed in <{parent}>")
    return _checked(rules, child)


def _check_attributes(rule: Rule, element: ElementTree.Element) -> None:
    for name, value in element.attrib.items():
        check = rule.attributes.get(name)
        if check is None:
            raise TwimlError(12200, f"<{element.tag}> has no attribute {name}")
        if not check(value):
            raise TwimlError(12200, f'<{element.tag} {name}="{value}"> is not allowed')


def _check_text(rule: Rule, element: ElementTree.Element) -> None:
    loose = [element.text, *(child.tail for child in element)]
    if not rule.text and any(text and text.strip() for text in loose):
        raise TwimlError(12200, f"<{element.tag}> holds text where only verbs may stand")


def _spoken(element: ElementTree.Element) -> str:
    for part in element.iter():
        if part is not element and part.tag not in SSML:
            raise TwimlError(12200, f"<{part.tag}> is not allowed in <Say>")
    return " ".join("".join(element.itertext()).split())


def _break(part: ElementTree.Element) -> float:
    if part.tag != "break":
        return 0.0
    time = part.get("time", "")
    try:
        if time.endswith("ms"):
            return float(time[:-2]) / 1000
        return float(time.removesuffix("s")) if time else BREAKS[part.get("strength", "medium")]
    except (ValueError, KeyError) as error:
        raise TwimlError(12200, f'<break> lasts no "{time or part.get("strength")}"') from error
