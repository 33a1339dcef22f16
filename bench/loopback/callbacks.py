"""Signed status callbacks from a few threads: what became of each text and call, doubled and shuffled on order."""

import http.client
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from bench.loopback.ledger import Entry
from bench.loopback.trouble import Trouble

THREADS = 4
PATIENCE = 15.0  # seconds, as Twilio's
Form = dict[str, str]


class Told(NamedTuple):
    """One callback."""

    url: str
    form: Form


class Callbacks:
    """`to`: where they go instead of the host that they were ordered for, which signs them all the same."""

    def __init__(self, token: str, account: str, trouble: Trouble, to: str = "") -> None:
        self._validator = RequestValidator(token)
        self._about = {"AccountSid": account, "ApiVersion": "2010-04-01"}
        self._trouble = trouble
        self._to = to
        self._pool = ThreadPoolExecutor(THREADS, "callback")
        self._own = threading.local()
        self.counted: Counter[str] = Counter()

    def plan(self, entry: Entry, wishes: list[tuple[str, str]]) -> list[Told]:
        """What will be told of it, with the trouble that is drawn now."""
        forms = _of_text(entry) if entry.kind == "message" else _of_call(entry, wishes)
        told = [Told(entry.callback, self._about | form) for form in forms]
        if self._trouble.draw("callback-duplicate", entry.to).kind:
            told += told[-1:]
        if self._trouble.draw("callback-shuffle", entry.to).kind:
            told.reverse()
        return told[:-1] if self._trouble.draw("callback-lost", entry.to).kind else told

    def post(self, told: list[Told]) -> Future[None]:
        """In order, in one of the threads."""
        return self._pool.submit(self._post_all, told)

    def stop(self) -> None:
        """What has not begun is left."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _post_all(self, told: list[Told]) -> None:
        for url, form in told:
            try:
                status = self._post(url, form)
            except (OSError, http.client.HTTPException) as error:
                self.counted[type(error).__name__] += 1
            else:
                self.counted[str(status)] += 1

    def _post(self, url: str, form: Form) -> int:
        """An idle connection may have been closed meanwhile: then once more on a new one."""
        try:
            return self._ask(self._connection(url), url, form)
        except (ConnectionError, http.client.BadStatusLine):
            return self._ask(self._connection(url, fresh=True), url, form)

    def _ask(self, connection: http.client.HTTPConnection, url: str, form: Form) -> int:
        parts = urlsplit(url)
        signed = self._validator.compute_signature(url.partition("#")[0], form)
        headers = {"Content-Type": _FORM, "X-Twilio-Signature": signed, "User-Agent": "TwilioProxy/1.1"}
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path or "/", urlencode(form), headers | {"Host": parts.netloc})
        answer = connection.getresponse()
        answer.read()
        return answer.status

    def _connection(self, url: str, fresh: bool = False) -> http.client.HTTPConnection:
        parts = urlsplit(self._to or url)
        held: dict[str, http.client.HTTPConnection] = self._own.__dict__
        if fresh or parts.netloc not in held:
            held[parts.netloc] = _KINDS[parts.scheme](parts.netloc, timeout=PATIENCE)
        return held[parts.netloc]


_FORM = "application/x-www-form-urlencoded; charset=UTF-8"
_KINDS: dict[str, Callable[..., http.client.HTTPConnection]] = {
    "http": http.client.HTTPConnection,
    "https": http.client.HTTPSConnection,
}


def _of_text(entry: Entry) -> Iterator[Form]:
    both = {"MessageSid": entry.sid, "SmsSid": entry.sid, "From": entry.sender, "To": entry.to}
    before = ("sent",) if entry.status != "failed" else ()
    for status in (*before, entry.status):
        error = {"ErrorCode": entry.code} if status == entry.status and entry.code else {}
        yield both | {"MessageStatus": status, "SmsStatus": status} | error


_EVENTS = {"initiated": "initiated", "ringing": "ringing", "answered": "in-progress"}


def _of_call(entry: Entry, wishes: list[tuple[str, str]]) -> Iterator[Form]:
    wanted = " ".join(value for name, value in wishes if name == "StatusCallbackEvent").split() or ["completed"]
    both = {"CallSid": entry.sid, "From": entry.sender, "To": entry.to, "Direction": "outbound-api"}
    both["CallbackSource"] = "call-progress-events"
    answered = entry.status == "completed"
    if answered and any(name == "MachineDetection" for name, _ in wishes):
        both["AnsweredBy"] = "human"
    events = [name for name in wanted if name in _EVENTS and (answered or name != "answered")]
    for number, name in enumerate(events):
        yield both | {"CallStatus": _EVENTS[name], "SequenceNumber": str(number)}
    if "completed" in wanted:
        lasted = {"CallDuration": "1" if answered else "0", "Duration": "1" if answered else "0"}
        yield both | lasted | {"CallStatus": entry.status, "SequenceNumber": str(len(events))}
