"""The REST API, through Twilio's own library against the program on this machine; trouble on order; the terminal."""

import os
import pty
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

import pytest
import requests
from test_simulator_settings import LINE, PHONE, Service
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from werkzeug.serving import make_server

from simulator.app import create_app
from simulator.feed import Feed
from simulator.live import LiveNetwork
from simulator.settings import Settings
from simulator.wires import Wire

SID = "AC" + "1" * 32
MENU = '<Gather numDigits="1" action="/chosen" timeout="5"><Say>Welcome. Press one.</Say></Gather>'


class Elsewhere(TwilioHttpClient):
    """Twilio's client, sent to another host."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=5)
        self.base = base

    def request(self, method, url, *args, **kwargs):
        parts = urlsplit(url)
        address = self.base + parts.path + ("?" + parts.query if parts.query else "")
        return super().request(method, address, *args, **kwargs)


@dataclass
class Program:
    """The running simulator, with a service of a few lines behind it."""

    base: str
    service: Service
    network: LiveNetwork

    @property
    def client(self) -> Client:
        return Client(SID, "a-token", http_client=Elsewhere(self.base))

    def order(self, *faults: object) -> None:
        assert requests.post(self.base + "/faults", json=faults, timeout=5).status_code == 201

    def phone(self, what: str, number: str = PHONE, **wish: object) -> requests.Response:
        return requests.post(f"{self.base}/phones/{number}/{what}", json=wish, timeout=5)

    def events(self, number: str = PHONE) -> list[dict[str, object]]:
        answer = requests.get(f"{self.base}/phones/{number}/events?wait=0", timeout=5)
        return answer.json()["events"]

    def until(self, found, number: str = PHONE):
        """Waits for an event that the function accepts."""
        end = time.monotonic() + 5
        while time.monotonic() < end:
            for event in self.events(number):
                if found(event):
                    return event
            time.sleep(0.02)
        raise AssertionError(self.events(number))


@pytest.fixture
def program() -> Iterator[Program]:
    service = Service(voice=MENU, chosen="<Say>Bye.</Say>", sms="<Message>Hello.</Message>")
    settings = Settings(SID, "a-token", (LINE,), "http://service/voice", "http://service/sms", roles={LINE: "line, en"})
    network = LiveNetwork(settings, Wire(service.post, service.get), Feed())
    server = make_server("127.0.0.1", 0, create_app(network), threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield Program(f"http://127.0.0.1:{server.port}", service, network)
    network.close()
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_text_is_sent_fetched_redacted_and_deleted(program):
    sent = program.client.messages.create(
        to=PHONE, from_=LINE, body="How are you?", status_callback="http://service/told"
    )
    assert (sent.status, sent.direction, sent.num_segments) == ("queued", "outbound-api", "1")
    event = program.until(lambda event: event.get("status") == "delivered")
    assert (event["body"], event["mine"]) == ("How are you?", False)
    assert program.client.messages(sent.sid).fetch().status == "delivered"
    assert program.client.messages(sent.sid).update(body="").body == ""
    assert program.client.messages(sent.sid).delete()
    with pytest.raises(TwilioRestException) as gone:
        program.client.messages(sent.sid).fetch()
    assert (gone.value.status, gone.value.code) == (404, 20404)
    assert [form["MessageStatus"] for form in program.service.forms("told")] == ["sent", "delivered"]
    ledger = requests.get(program.base + "/ledger.json", timeout=5).json()
    assert [(entry["sid"], entry["body"]) for entry in ledger] == [(sent.sid, "How are you?")]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "0700", "from_": LINE, "body": "x"}, 21211),
        ({"to": "", "from_": LINE, "body": "x"}, 21604),
        ({"to": PHONE, "from_": LINE, "body": ""}, 21602),
        ({"to": PHONE, "from_": LINE, "body": "x" * 1601}, 21617),
        ({"to": PHONE, "from_": "+15550000", "body": "x"}, 21606),
    ],
)
def test_a_text_is_refused_with_twilios_code(program, fields, code):
    with pytest.raises(TwilioRestException) as refused:
        program.client.messages.create(**fields)
    assert (refused.value.status, refused.value.code) == (400, code)
    assert program.network.ledger == []


def test_a_blocked_number_is_refused(program):
    program.phone("texts", body="STOP")
    program.until(lambda event: event.get("by_carrier"))
    with pytest.raises(TwilioRestException) as refused:
        program.client.messages.create(to=PHONE, from_=LINE, body="x")
    assert refused.value.code == 21610


def test_a_wrong_token_is_refused(program):
    with pytest.raises(TwilioRestException) as refused:
        Client(SID, "guessed", http_client=Elsewhere(program.base)).messages.create(to=PHONE, from_=LINE, body="x")
    assert (refused.value.status, refused.value.code) == (401, 20003)


def test_lists_are_filtered_and_paged_newest_first(program):
    for number in range(5):
        program.client.messages.create(to=f"+25471100000{number % 2 + 1}", from_=LINE, body=str(number))
    messages = program.client.messages
    assert [text.body for text in messages.list(page_size=2)] == ["4", "3", "2", "1", "0"]
    assert [text.body for text in messages.list(to=PHONE, limit=2)] == ["4", "2"]
    today = datetime.now(UTC)
    assert len(messages.list(date_sent_after=today.date())) == 5
    assert messages.list(date_sent_before=(today - timedelta(days=1)).date()) == []
    program.order({"kind": "lag", "seconds": 60})
    assert messages.list() == []


def test_a_text_that_came_in_is_found_by_its_number_whatever_became_of_its_webhook(program):
    program.service.status = 500
    program.phone("texts", body="Is anybody there?")
    program.until(lambda event: event.get("type") == "problem")
    program.client.messages.create(to=PHONE, from_=LINE, body="x")
    (text,) = program.client.messages.list(to=LINE)
    assert (text.body, text.from_, text.direction, text.status) == ("Is anybody there?", PHONE, "inbound", "received")
    assert text.date_sent and text.date_created and text.num_segments == "1"


def test_pages_stay_as_they_were_while_texts_go_out(program):
    for number in range(4):
        program.client.messages.create(to=PHONE, from_=LINE, body=str(number))
    first = program.client.messages.page(page_size=2)
    program.client.messages.create(to=PHONE, from_=LINE, body="new")
    assert [text.body for text in first] + [text.body for text in first.next_page()] == ["3", "2", "1", "0"]


def test_lists_know_moments_and_days(program):
    program.client.messages.create(to=PHONE, from_=LINE, body="x")
    program.client.calls.create(to=PHONE, from_=LINE, url="http://service/voice")
    now, hour = datetime.now(UTC), timedelta(hours=1)
    messages, calls = program.client.messages, program.client.calls
    for found in (
        messages.list(date_sent=now.date()),
        messages.list(date_sent_after=now - hour, date_sent_before=now + hour),
        calls.list(start_time=now.date(), status="ringing", to=PHONE),
        calls.list(start_time_after=now - hour, start_time_before=now + hour),
    ):
        assert len(found) == 1
    assert messages.list(date_sent_after=now + hour) == messages.list(date_sent=(now - 24 * hour).date()) == []
    assert calls.list(start_time_before=now - hour) == calls.list(status="completed") == []
    with pytest.raises(TwilioException, match="20001"):
        messages.list(date_sent="yesterday")


def test_a_call_is_made_answered_and_led(program):
    events = ["initiated", "ringing", "answered", "completed"]
    told = {"status_callback": "http://service/told", "status_callback_event": events}
    made = program.client.calls.create(to=PHONE, from_=LINE, url="http://service/voice", **told)
    assert (made.status, made.direction) == ("queued", "outbound-api")
    program.until(lambda event: event.get("status") == "ringing")
    assert program.phone("answer").status_code == 201
    program.until(lambda event: event.get("kind") == "say")
    assert program.client.calls(made.sid).fetch().status == "in-progress"
    program.phone("keys", keys="1")
    program.until(lambda event: event.get("kind") == "over")
    assert program.client.calls(made.sid).fetch().status == "completed"
    assert program.service.forms("chosen")[0]["Digits"] == "1"
    program.network.close()
    assert [form["SequenceNumber"] for form in program.service.forms("told")] == ["0", "1", "2", "3"]


def test_a_call_is_canceled_ended_and_sent_elsewhere(program):
    calls = program.client.calls
    first = calls.create(to=PHONE, from_=LINE, twiml="<Response><Say>Hi</Say></Response>")
    assert calls(first.sid).update(status="canceled").status == "canceled"
    second = calls.create(to=PHONE, from_=LINE, url="http://service/voice")
    program.phone("answer")
    program.until(lambda event: event.get("kind") == "say" and event["sid"] == second.sid)
    calls(second.sid).update(twiml="<Response><Say>Moved.</Say><Pause length='30'/></Response>")
    program.until(lambda event: event.get("text") == "Moved.")
    calls(second.sid).update(status="completed")
    program.until(lambda event: event.get("kind") == "over" and event["sid"] == second.sid)
    with pytest.raises(TwilioRestException) as over:
        calls(second.sid).update(status="completed")
    assert over.value.code == 21220
    assert [call.sid for call in calls.list()] == [second.sid, first.sid]


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"to": PHONE}, 21205), ({"to": "12", "url": "http://x/"}, 21211), ({"to": PHONE, "twiml": "x" * 4001}, 32018)],
)
def test_a_call_is_refused_with_twilios_code(program, fields, code):
    with pytest.raises(TwilioRestException) as refused:
        program.client.calls.create(from_=LINE, **fields)
    assert refused.value.code == code


def test_a_phone_rings_hears_presses_and_hangs_up(program):
    assert program.phone("call", withheld=True).status_code == 201
    program.until(lambda event: event.get("kind") == "say")
    assert program.phone("call").status_code == 409
    assert program.phone("hang-up").status_code == 200
    program.until(lambda event: event.get("kind") == "over")
    assert program.service.forms("voice")[0]["From"] == "+266696687"
    assert program.phone("keys", keys="1").status_code == 409


def test_a_phone_in_a_call_is_busy_and_hears_nothing_of_others(program):
    program.phone("call")
    program.until(lambda event: event.get("kind") == "say")
    made = program.client.calls.create(to=PHONE, from_=LINE, url="http://x/", status_callback="http://service/told")
    program.network.hurry(made.sid)
    assert program.client.calls(made.sid).fetch().status == "busy"
    assert [form["CallStatus"] for form in program.service.forms("told")] == ["busy"]
    assert made.sid not in [event.get("sid") for event in program.events()]


def test_a_call_is_let_ring_out(program):
    made = program.client.calls.create(to=PHONE, from_=LINE, url="http://service/voice")
    assert program.phone("ring-out").status_code == 200
    assert program.client.calls(made.sid).fetch().status == "no-answer"
    assert program.phone("ring-out").status_code == 409


NONSENSE = [("keys", {"keys": "x"}), ("texts", {"body": " "}), ("call", {"line": "+1"})]


@pytest.mark.parametrize(("what", "wish"), NONSENSE)
def test_nonsense_from_a_phone_is_refused(program, what, wish):
    if what == "keys":
        program.phone("call")
    assert program.phone(what, **wish).status_code == 400


def test_a_missed_call_is_rejected_and_the_roles_are_shown(program):
    program.service.answers["voice"] = "<Reject/>"
    assert program.phone("call").status_code == 201
    assert program.until(lambda event: event.get("kind") == "over")["text"] == "rejected"
    (call,) = program.client.calls.list(from_=PHONE)
    assert (call.status, call.duration) == ("busy", "0")
    assert requests.get(program.base + "/phones/lines", timeout=5).json() == {
        "numbers": [LINE],
        "roles": {LINE: "line, en"},
    }


def test_a_strangers_form_cannot_ring(program):
    answer = requests.post(f"{program.base}/phones/{PHONE}/call", data={"line": LINE}, timeout=5)
    assert answer.status_code == 415


def test_trouble_comes_in_the_order_it_was_ordered(program):
    program.order("429", "500", "accepted-503", "none")
    codes = []
    for body in ("a", "b", "c", "d"):
        try:
            codes.append(program.client.messages.create(to=PHONE, from_=LINE, body=body).status)
        except TwilioRestException as error:
            codes.append(error.status)
    assert codes == [429, 500, 503, "queued"]
    assert [entry["body"] for entry in program.network.ledger] == ["c", "d"]


@pytest.mark.parametrize(("kind", "accepted"), [("accepted-reset", 1), ("refuse", 0)])
def test_a_connection_is_cut(program, kind, accepted):
    program.order(kind)
    with pytest.raises(requests.ConnectionError):
        program.client.messages.create(to=PHONE, from_=LINE, body="x")
    assert len(program.network.ledger) == accepted


def test_a_slow_answer_and_an_unknown_fault(program):
    program.order({"kind": "slow", "seconds": 0.3})
    began = time.monotonic()
    program.client.messages.create(to=PHONE, from_=LINE, body="x")
    assert time.monotonic() - began > 0.3
    assert requests.post(program.base + "/faults", json=["flood"], timeout=5).status_code == 400


def test_a_recording_is_listed_heard_and_deleted(program):
    program.service.answers["voice"] = '<Record action="/kept" maxLength="9"/>'
    program.phone("call")
    program.until(lambda event: event.get("kind") == "record")
    program.phone("keys", keys="#")
    program.until(lambda event: event.get("kind") == "over")
    url = urlsplit(program.service.forms("kept")[0]["RecordingUrl"])
    assert requests.get(program.base + url.path, timeout=5).content[:4] == b"RIFF"
    assert [recording.delete() for recording in program.client.recordings.list()] == [True]
    assert requests.get(program.base + url.path, timeout=5).status_code == 404


def terminal(program) -> list[str]:
    return [sys.executable, "-m", "simulator.phone", "--from", PHONE, "--carrier", program.base]


@pytest.mark.parametrize("leaving", ["quit\n", "\4", signal.SIGINT, signal.SIGHUP])
def test_whoever_leaves_the_terminal_in_a_call_has_put_the_phone_down(program, leaving):
    program.service.answers["voice"] = '<Say>Welcome.</Say><Pause length="60"/>'
    keyboard, screen = pty.openpty()
    # Whoever runs these tests in the background may ignore the signal, and a child inherits that.
    heeds = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(
        terminal(program), stdin=screen, stdout=subprocess.PIPE, text=True, preexec_fn=heeds
    ) as phone:
        os.write(keyboard, b"call\n")
        program.until(lambda event: event.get("kind") == "say")
        if isinstance(leaving, str):
            os.write(keyboard, leaving.encode())
        else:
            phone.send_signal(leaving)
        shown, _ = phone.communicate(timeout=10)
    assert "you put the phone down" in shown
    assert program.until(lambda event: event.get("kind") == "over")["text"] == "completed"


def test_the_terminal_follows_a_script(program):
    script = "call\n1\nwait 1\ntext hello\nsing\nquit\n"
    command = terminal(program)
    shown = subprocess.run(command, input=script, capture_output=True, text=True, timeout=20, check=True).stdout
    wanted = ("Welcome. Press one.", "you press  1", "Bye.", "(the call is over)", "you write   hello", "Hello.")
    places = [shown.find(words) for words in wanted]
    assert -1 not in places and places == sorted(places), shown
