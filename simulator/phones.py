"""What a phone can do over HTTP, and what it is told: used by the browser page and the terminal."""

import json
import re
from collections.abc import Iterator

from flask import Flask, Response, jsonify, request, send_from_directory
from werkzeug.exceptions import BadRequest, Conflict

from simulator.feed import Event
from simulator.live import LiveNetwork
from simulator.live_legs import LiveLeg
from simulator.network import WITHHELD
from simulator.steps import HungUp

POLL = 20.0
KEYS = re.compile(r"[0-9*#]{1,40}")
NUMBER = re.compile(r"\+?\d{3,15}")
STREAM = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
SAFE = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; media-src *; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def register(app: Flask, net: LiveNetwork) -> None:
    """Adds the page, the phones' buttons and their events."""
    desk = _Desk(net)
    app.get("/")(desk.page)
    app.get("/phones/lines")(desk.lines)
    app.get("/phones/<numbers>/events")(desk.events)
    for name in ("call", "keys", "hang-up", "answer", "decline", "ring-out", "texts"):
        app.post(f"/phones/<number>/{name}", endpoint=f"phone-{name}")(getattr(desk, name.replace("-", "_")))
    app.after_request(_safe)


class _Desk:
    """The views. A phone is there as soon as its number is used."""

    def __init__(self, net: LiveNetwork) -> None:
        self.net = net

    def page(self) -> Response:
        """The phones in the browser."""
        return send_from_directory("static", "phones.html")

    def lines(self) -> Response:
        """The service's numbers, and what each is for."""
        return jsonify(numbers=self.net.settings.numbers, roles=self.net.settings.roles)

    def call(self, number: str) -> tuple[Response, int]:
        """Rings a line of the service. JSON: line, withheld (true, or what is shown instead)."""
        phone, wish = _phone(number), _wish()
        if self.net.current(phone) or self.net.ringing(phone):
            raise Conflict("this phone is in a call")
        leg = self.net.ring(phone, self._line(wish), _withheld(wish))
        return jsonify(sid=leg.sid), 201

    def keys(self, number: str) -> Response:
        """Presses keys. JSON: keys."""
        keys, leg = str(_wish().get("keys", "")), self._in_call(number)
        if not KEYS.fullmatch(keys):
            raise BadRequest("keys are 0 to 9, * and #")
        for key in keys:
            leg.happen(key)
        return jsonify(pressed=keys)

    def hang_up(self, number: str) -> Response:
        """Puts the phone down."""
        leg = self._in_call(number)
        leg.happen(HungUp())
        return jsonify(sid=leg.sid)

    def answer(self, number: str) -> tuple[Response, int]:
        """Picks up. JSON: machine (true: an answering machine does; or what is taken for the answerer, as `fax`)."""
        machine = _wish().get("machine")
        try:
            leg = self.net.answer(_phone(number), machine if isinstance(machine, str) else bool(machine))
        except LookupError as error:
            raise Conflict(str(error)) from error
        return jsonify(sid=leg.sid), 201

    def decline(self, number: str) -> Response:
        """Does not take the call."""
        return self._leave(number, "busy")

    def ring_out(self, number: str) -> Response:
        """Lets it ring until the caller gives up, which here is at once."""
        return self._leave(number, "no-answer")

    def texts(self, number: str) -> tuple[Response, int]:
        """Sends a text. JSON: line, body, withheld."""
        wish = _wish()
        body = str(wish.get("body", ""))
        if not body.strip() or len(body) > 1600:
            raise BadRequest("a text has 1 to 1600 characters")
        self.net.text(_phone(number), self._line(wish), body, _withheld(wish))
        return jsonify(sent=True), 202

    def events(self, numbers: str) -> Response:
        """Events of one or more phones (a comma between) after `after`: a stream, or one JSON list within 20 s."""
        phones = frozenset(_phone(number) for number in numbers.split(","))
        after = _after(request.headers.get("Last-Event-ID") or request.args.get("after", "0"))
        if "text/event-stream" in request.headers.get("Accept", ""):
            return Response(self._stream(after, phones, "Last-Event-ID" not in request.headers), headers=STREAM)
        return jsonify(events=self.net.feed.after(after, phones, POLL if request.args.get("wait") != "0" else 0))

    def _stream(self, after: int, phones: frozenset[str], fresh: bool) -> Iterator[str]:
        """To a page that opens afresh, what was before is marked as old: shown, but not spoken."""
        yield "retry: 1000\n\n"
        for event in self.net.feed.after(after, phones, 0):
            after = event["id"]
            yield _sent(event | {"old": fresh})
        while True:
            events = self.net.feed.after(after, phones, POLL)
            for event in events:
                after = event["id"]
                yield _sent(event)
            if not events:
                yield ": still here\n\n"

    def _leave(self, number: str, status: str) -> Response:
        leg = self.net.ringing(_phone(number))
        if leg is None:
            raise Conflict("nothing rings")
        leg.drop(status)
        return jsonify(sid=leg.sid)

    def _in_call(self, number: str) -> LiveLeg:
        leg = self.net.current(_phone(number))
        if leg is None:
            raise Conflict("this phone is in no call")
        return leg

    def _line(self, wish: dict[str, object]) -> str:
        line = str(wish.get("line") or self.net.settings.numbers[0])
        if line not in self.net.settings.numbers:
            raise BadRequest(f"{line} is no number of the service")
        return line


def _sent(event: Event) -> str:
    return f"id: {event['id']}\ndata: {json.dumps(event)}\n\n"


def _phone(number: str) -> str:
    if not NUMBER.fullmatch(number):
        raise BadRequest("write the phone's number like +254711000001")
    return number


def _wish() -> dict[str, object]:
    """The request's JSON object. Only JSON is taken, which no other site's form can send."""
    wish = request.get_json()
    if not isinstance(wish, dict):
        raise BadRequest("a JSON object is wanted")
    return wish


def _withheld(wish: dict[str, object]) -> str:
    shown = wish.get("withheld")
    return WITHHELD if shown is True else str(shown or "")


def _after(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0


def _safe(response: Response) -> Response:
    for name, value in SAFE.items():
        response.headers.setdefault(name, value)
    return response
