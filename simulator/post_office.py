"""Texts in and out: delivery, the service's answers, and what STOP blocks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin
from uuid import uuid4

from simulator.refusals import Refusal
from simulator.texts import HELPED, STARTED, STOPPED, Message, carriers_word
from simulator.twiml import Verb, read_sms
from simulator.wires import Form

if TYPE_CHECKING:
    from simulator.network import Network

LONGEST = 1600
UNKNOWN = 30008
REDIRECTS = 10
ANSWERS = {"stop": STOPPED, "start": STARTED, "help": HELPED}


@dataclass
class PostOffice:
    """All texts, oldest first, and who blocked which of our numbers."""

    carrier: "Network[Any]"
    clock: Callable[[], datetime]
    messages: dict[str, Message] = field(default_factory=dict)  # the carrier's records
    on_phones: list[Message] = field(default_factory=list)  # which no redaction of a record reaches
    blocked: set[tuple[str, str]] = field(default_factory=set)

    def receive(self, phone: str, line: str, body: str, shown: str) -> list[Message]:
        """A person texts the service; gives the texts that come back at once."""
        text = self._new(phone, line, shown, line, body, "inbound", "received")
        return self._carriers_answer(text) + self._answers(text)

    def send(self, to: str, line: str, body: str, callback: str, direction: str) -> Message:
        """The service texts a person. Raises Refusal."""
        if len(body) > LONGEST:
            raise Refusal(400, 21617, f"The concatenated message body exceeds the {LONGEST} character limit.")
        if (to, line) in self.blocked:
            raise Refusal(400, 21610, "Attempt to send to unsubscribed recipient")
        text = self._new(to, line, line, to, body, direction, "queued")
        text.callback = callback
        self.carrier.later(lambda: self.deliver(text), text.sid)
        return text

    def deliver(self, text: Message) -> None:
        """Sends it on: sent, then delivered or what was ordered, each told to the text's callback."""
        fault = self.carrier.faults.for_text(text.to)
        end = "delivered" if fault.kind == "none" else fault.kind
        for status in ("sent", end) if end != "failed" else (end,):
            text.status, text.updated = status, self.clock()
            text.sent = text.updated if status == "sent" else text.sent
            text.error_code = (fault.code or UNKNOWN) if status == fault.kind else None
            text.statuses.append(status)
            if text.callback:
                self.carrier.post_later(text.callback, self._status(text), text.sid, text.to, status == end)
        self.carrier.tell(text)

    def inbox(self, phone: str) -> list[Message]:
        """All texts that this phone got, or will get."""
        return [text for text in self.on_phones if text.phone == phone and text.comes]

    def _new(self, phone: str, line: str, from_: str, to: str, body: str, direction: str, status: str) -> Message:
        prefix = "MM" if direction == "mms" else "SM"
        text = Message(prefix + uuid4().hex, phone, line, from_, to, body, direction, status, self.clock())
        self.messages[text.sid] = text
        self.on_phones.append(text)
        self.carrier.tell(text)
        return text

    def _carriers_answer(self, text: Message) -> list[Message]:
        word, pair = carriers_word(text.body), (text.phone, text.line)
        if word == "start":
            self.blocked.discard(pair)
        if not word or (word == "help" and pair in self.blocked):
            return []
        answer = self._new(text.phone, text.line, text.line, text.phone, ANSWERS[word], "outbound-reply", "queued")
        answer.by_carrier = True
        self.deliver(answer)
        if word == "stop":
            self.blocked.add(pair)
        return [answer]

    def _answers(self, text: Message) -> list[Message]:
        """Asks the service, and follows its redirects."""
        url, answers = self.carrier.settings.sms_url, list[Message]()
        for _ in range(REDIRECTS):
            document = self.carrier.webhooks.ask(url, self._fields(text), read_sms, text.sid)
            after = ""
            for verb in document.verbs if document else ():
                if verb.name == "Redirect":
                    after = urljoin(url, verb.text)
                    break
                answers += self._answer(text, url, verb)
            if not after:
                return answers
            url = after
        self.carrier.webhooks.note(11215, "too many redirects", url, text.sid)
        return answers

    def _answer(self, text: Message, url: str, verb: Verb) -> list[Message]:
        body = verb.text or "".join(child.text for child in verb.children if child.name == "Body")
        callback = verb.get("statusCallback")
        try:
            to, line = verb.get("to") or text.phone, verb.get("from") or text.line
            answer = self.send(to, line, body, urljoin(url, callback) if callback else "", "outbound-reply")
        except Refusal as refusal:
            self.carrier.webhooks.note(refusal.code, refusal.message, url, text.sid)
            return []
        return [answer]

    def _fields(self, text: Message) -> Form:
        """What Twilio posts for an inbound text."""
        sids = [(name, text.sid) for name in ("MessageSid", "SmsSid", "SmsMessageSid")]
        places = [(side + part, "") for side in ("From", "To") for part in ("City", "State", "Zip", "Country")]
        counts = [("NumMedia", "0"), ("NumSegments", str(text.segments)), ("SmsStatus", "received")]
        account = [("AccountSid", self.carrier.settings.account_sid), ("ApiVersion", "2010-04-01")]
        return [*sids, *account, ("From", text.from_), ("To", text.to), ("Body", text.body), *counts, *places]

    def _status(self, text: Message) -> Form:
        sids = [("MessageSid", text.sid), ("SmsSid", text.sid)]
        states = [("MessageStatus", text.status), ("SmsStatus", text.status)]
        account = [("AccountSid", self.carrier.settings.account_sid), ("ApiVersion", "2010-04-01")]
        error = [("ErrorCode", str(text.error_code))] if text.error_code else []
        return [*sids, *states, *account, ("From", text.from_), ("To", text.to), *error]
