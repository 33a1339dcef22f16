"""The loopback carrier of benches and fault runs: what it accepts is written down first, trouble comes as ordered."""

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
import requests
from twilio.request_validator import RequestValidator

from bench.loopback import controls
from bench.loopback.carrier import Carrier, Pace
from bench.loopback.ledger import Ledger
from bench.loopback.trouble import Trouble, Wrong
from bench.loopback.wire import Request

HOME = Path(__file__).parent.parent
ASHA, BARAKA, LINE = "+254711000001", "+254711000002", "+254700000100"
ACCOUNT = "/2010-04-01/Accounts/AC1"
TOKEN = "a-token"


@dataclass
class Program:
    """The running carrier."""

    base: str
    ledger: Path

    def text(self, to: str = ASHA, body: str = "Hello", **more: str) -> requests.Response:
        form = {"To": to, "From": LINE, "Body": body} | more
        return requests.post(f"{self.base}{ACCOUNT}/Messages.json", data=form, timeout=2)

    def call(self, to: str = ASHA, **more: object) -> requests.Response:
        form = {"To": to, "From": LINE, "Url": "http://service/voice"} | more
        return requests.post(f"{self.base}{ACCOUNT}/Calls.json", data=form, timeout=2)

    def listed(self, name: str, **filters: object) -> list[dict]:
        found, address = [], f"{ACCOUNT}/{name}.json"
        while address:
            answer = requests.get(self.base + address, params=filters, timeout=2).json()
            found += answer[name.lower()]
            address, filters = answer["next_page_uri"], {}
        return found

    def order(self, **wishes: object) -> int:
        return requests.post(self.base + "/faults", json=wishes, timeout=2).status_code

    def read(self, what: str) -> dict:
        return requests.get(f"{self.base}/{what}", timeout=2).json()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    running: list[subprocess.Popen] = []

    def started(*options: str) -> Program:
        file = tmp_path / "ledger.jsonl"
        command = [sys.executable, "-m", "bench.loopback", "--ledger", str(file), *options]
        environment = os.environ | {"TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_ACCOUNT_SID": "AC1"}
        process = subprocess.Popen(command, cwd=HOME, env=environment, stdout=subprocess.PIPE, text=True)
        running.append(process)
        return Program(re.match(r"\S+", process.stdout.readline())[0], file)

    yield started
    for process in running:
        process.terminate()
        assert process.wait(10) == 0
        process.stdout.close()


@pytest.fixture
def service() -> Iterator[ThreadingHTTPServer]:
    """Keeps the callbacks that it gets: `told`, with whether each was signed for its public address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            url = f"https://{self.headers['Host']}{self.path}"
            form["signed"] = RequestValidator(TOKEN).validate(url, form, self.headers["X-Twilio-Signature"])
            self.server.told.append(form)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *about: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.told = True, []
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not ready() and time.monotonic() < end:
        time.sleep(0.02)
    assert ready()


def test_what_is_accepted_is_in_file_ledger_list_and_figures(start):
    carrier = start()
    answer = carrier.text(body="a" * 161, StatusCallback="http://service/told?m=1")
    assert (answer.status_code, answer.json()["status"]) == (201, "queued")
    call = carrier.call(BARAKA).json()
    lines = [json.loads(line) for line in carrier.ledger.read_text().splitlines()]
    assert lines == carrier.read("ledger")
    assert [(line["sid"], line["kind"], line["segments"]) for line in lines] == [
        (answer.json()["sid"], "message", 2),
        (call["sid"], "call", 0),
    ]
    assert lines[0].items() >= {"to": ASHA, "from": LINE, "callback": "http://service/told?m=1"}.items()
    assert abs(lines[0]["at"] - time.time() * 1000) < 5000
    assert carrier.read("ledger?after=1") == lines[1:]
    stats = carrier.read("stats")
    assert (stats["accepted"], stats["segments"]) == ({"message": 1, "call": 1}, 2)
    assert sum(stats["senders"][LINE].values()) == sum(stats["seconds"].values()) == 2


def test_it_goes_on_where_it_was_stopped_and_counts_repetitions(start):
    first = start()
    first.text(StatusCallback="http://service/told?m=1")
    again = start()
    again.text(StatusCallback="http://service/told?m=1")
    assert [text["to"] for text in again.listed("Messages")] == [ASHA, ASHA]
    assert again.read("stats")["repeated"] == 1


def test_lists_are_filtered_late_and_paged_the_newest_first(start):
    carrier = start()
    for number in range(5):
        carrier.text(ASHA if number % 2 else BARAKA, str(number))
    assert [text["body"] for text in carrier.listed("Messages", PageSize=2)] == ["4", "3", "2", "1", "0"]
    assert [text["body"] for text in carrier.listed("Messages", To=ASHA, From=LINE)] == ["3", "1"]
    today = time.strftime("%Y-%m-%d", time.gmtime())
    assert len(carrier.listed("Messages", **{"DateSent>": today})) == 5
    assert len(carrier.listed("Messages", DateSent=today)) == 5
    assert carrier.listed("Messages", **{"DateSent<": "2020-01-01"}) == carrier.listed("Calls") == []
    assert carrier.listed("Messages", **{"DateSent>": "2999-01-01T10:00:00Z"}) == []
    assert carrier.order(lag=60) == 200
    assert carrier.listed("Messages") == []


@pytest.mark.parametrize(
    ("fault", "answer", "accepted"),
    [
        ("429", 429, 0),
        ("503", 503, 0),
        ("503-accepted", 503, 1),
        ("21610", 400, 0),
        ("20003", 401, 0),
        ("reset-before", "", 0),
        ("reset-after", "", 1),
        ("hang", "", 0),
        ("hang-after", "", 1),
        ("slow:9", "", 1),
        ("drip", "", 1),
        ("close", 201, 1),
    ],
)
def test_a_number_has_its_own_trouble(start, fault, answer, accepted):
    carrier = start("--seed", "1")
    assert carrier.order(to={ASHA: fault}) == 200
    form = {"To": ASHA, "From": LINE, "Body": "x"}
    try:
        got = requests.post(f"{carrier.base}{ACCOUNT}/Messages.json", data=form, timeout=(1, 0.4)).status_code
    except requests.RequestException:
        got = ""
    assert (got, len(carrier.read("ledger"))) == (answer, accepted)
    assert carrier.text(BARAKA).status_code == 201
    assert carrier.read("stats")["faults"] == {fault.partition(":")[0]: 1}


def test_chances_are_drawn_with_a_seed():
    def answers(seed: int) -> list[int]:
        carrier = Carrier(Ledger(), Trouble("429:0.3,503-accepted:0.2", seed))
        request = Request("POST", f"{ACCOUNT}/Messages.json", f"To={ASHA}&From={LINE}&Body=x".encode())
        return [controls.answer(carrier, request).status for _ in range(2000)]

    assert answers(7) == answers(7) != answers(8)
    assert 500 < answers(7).count(429) < 700 and 320 < answers(7).count(503) < 480


def test_who_is_too_fast_is_told_so():
    carrier = Carrier(Ledger(), Trouble(), pace=Pace(2))
    request = Request("POST", f"{ACCOUNT}/Messages.json", f"To={ASHA}&From={LINE}&Body={'x' * 161}".encode())
    assert [controls.answer(carrier, request).status for _ in range(3)] == [201, 429, 429]


@pytest.mark.parametrize("order", ["flood:0.1", "429", "429:2", "slow:0.1:x"])
def test_an_order_that_makes_no_sense_is_refused(order):
    with pytest.raises(Wrong):
        Trouble(order)
    carrier = Carrier(Ledger(), Trouble())
    body = json.dumps({"faults": order}).encode()
    assert controls.answer(carrier, Request("POST", "/faults", body)).status == 400
    assert controls.answer(carrier, Request("POST", "/faults", b'{"colour": 1}')).status == 400


def test_callbacks_are_signed_and_tell_what_became_of_it(start, service):
    carrier = start("--callbacks", f"http://127.0.0.1:{service.server_port}", "--callback-after-ms", "0")
    carrier.order(to={BARAKA: "undelivered-30003"})
    told = {"StatusCallback": "https://line.example.org/twilio/status?m=1"}
    carrier.text(**told)
    until(lambda: len(service.told) == 2)
    carrier.text(BARAKA, **told)
    until(lambda: len(service.told) == 4)
    carrier.call(StatusCallbackEvent=["initiated", "answered", "completed"], MachineDetection="Enable", **told)
    until(lambda: len(service.told) == 7)
    assert all(form["signed"] for form in service.told)
    assert [form["MessageStatus"] for form in service.told[:4]] == ["sent", "delivered", "sent", "undelivered"]
    assert service.told[3]["ErrorCode"] == "30003" and "ErrorCode" not in service.told[2]
    assert [form["CallStatus"] for form in service.told[4:]] == ["initiated", "in-progress", "completed"]
    assert service.told[5]["AnsweredBy"] == "human"
    assert carrier.listed("Messages", To=BARAKA)[0].items() >= {"status": "undelivered", "error_code": 30003}.items()


def test_callbacks_come_early_twice_and_in_the_wrong_order(start, service):
    carrier = start("--callbacks", f"http://127.0.0.1:{service.server_port}")
    told = {"StatusCallback": "https://line.example.org/twilio/status?m=1"}
    carrier.order(faults="callback-early:1,callback-shuffle:1,callback-duplicate:1")
    carrier.text(**told)
    assert [form["MessageStatus"] for form in service.told] == ["delivered", "delivered", "sent"]
