"""Signed requests to the service, the fallback when they fail, and a list of what went wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote, urldefrag, urlsplit
from uuid import uuid4

from twilio.request_validator import RequestValidator

from simulator import sounds
from simulator.settings import Settings
from simulator.steps import Sound
from simulator.twiml import Document, TwimlError, Verb
from simulator.wires import Form, Wire

Reader = Callable[[str, str, bytes], Document]

APOLOGY = "We are sorry. An application error has occurred. Goodbye."


@dataclass(frozen=True)
class Problem:
    """What Twilio's debugger would show."""

    at: datetime
    code: int
    message: str
    url: str
    sid: str


@dataclass
class Webhooks:
    """Asks the service what to do next, as Twilio does."""

    settings: Settings
    wire: Wire
    clock: Callable[[], datetime]
    warn: Callable[["Problem"], None]
    problems: list[Problem] = field(default_factory=list)

    def ask(self, url: str, form: Form, read: Reader, sid: str) -> Document | None:
        """What the service says, else its fallback, else None. Raises nothing: what fails is a problem."""
        document, error = self._try(url, form, read, sid)
        if error is None or not self.settings.fallback_url:
            return document
        extra = [("ErrorCode", str(error.code)), ("ErrorUrl", url)]
        return self._try(self.settings.fallback_url, form + extra, read, sid)[0]

    def tell(self, url: str, form: Form, sid: str) -> None:
        """A status callback: its answer's body says nothing."""
        try:
            self._post(url, form)
        except TwimlError as error:
            self.note(error.code, error.message, url, sid)

    def sound(self, url: str) -> Sound:
        """Fetches a recording. Raises TwimlError where there is none."""
        try:
            fetched = self.wire.get(url)
        except OSError as error:
            raise TwimlError(11205, f"no connection: {error}") from error
        if fetched.status != 200:
            raise TwimlError(11200, f"GET {url} answered {fetched.status}")
        if not fetched.headers.get("Content-Type", "").startswith(sounds.TYPES):
            raise TwimlError(12300, f"GET {url} is no sound but {fetched.headers.get('Content-Type')}")
        spoken = fetched.headers.get("X-Transcript")
        text = unquote(spoken) if spoken is not None else urlsplit(url).path.rpartition("/")[2]
        return Sound("play", text, sounds.played_seconds(fetched.body), url=url, transcript=spoken is not None)

    def note(self, code: int, message: str, url: str, sid: str) -> None:
        """Writes a problem down."""
        problem = Problem(self.clock(), code, message, url, sid)
        self.problems.append(problem)
        self.warn(problem)

    def _try(self, url: str, form: Form, read: Reader, sid: str) -> tuple[Document | None, TwimlError | None]:
        try:
            return read(url, *self._post(url, form)), None
        except TwimlError as error:
            self.note(error.code, error.message, url, sid)
            return None, error

    def _post(self, url: str, form: Form) -> tuple[str, bytes]:
        try:
            status, content_type, body = self.wire.post(urldefrag(url).url, form, self._headers(url, form))
        except OSError as error:
            raise TwimlError(11205, f"no connection: {error}") from error
        if not 200 <= status < 300:
            raise TwimlError(11200, f"POST answered {status}")
        return content_type, body

    def _headers(self, url: str, form: Form) -> dict[str, str]:
        signature = RequestValidator(self.settings.auth_token).compute_signature(urldefrag(url).url, dict(form))
        return {
            "X-Twilio-Signature": signature,
            "I-Twilio-Idempotency-Token": str(uuid4()),
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }


def apology() -> Document:
    """What the carrier says in English before it hangs up, when the service did not answer well."""
    return Document("", (Verb("Say", {"language": "en"}, APOLOGY), Verb("Hangup", {})))
