"""Trouble on order that has an address: one number fails in its own way while all others are well."""

import threading
import time

import pytest
import requests
from test_simulator_rest import program  # noqa: F401 (a fixture)
from test_simulator_settings import LINE, PHONE, Service
from twilio.base.exceptions import TwilioRestException

from simulator.faults import Fault, Faults

OTHER = "+254711000002"
TOLD = "http://service/told"


def statuses(service: Service, name: str = "MessageStatus") -> list[tuple[str, str]]:
    return [(form[name], form.get("ErrorCode", "")) for form in service.forms("told")]


@pytest.mark.parametrize(("kind", "code"), [("undelivered", 30003), ("undelivered", 30007), ("failed", 21610)])
def test_texts_to_one_number_do_not_arrive(kind, code):
    service = Service()
    carrier = service.carrier()
    carrier.faults.order([Fault(kind, code=code, to=PHONE)])
    for to in (PHONE, OTHER, PHONE):
        carrier.send(to, LINE, "hello", TOLD)
        carrier.settle()
    lost = [("sent", ""), (kind, str(code))] if kind == "undelivered" else [(kind, str(code))]
    assert statuses(service) == [*lost, ("sent", ""), ("delivered", ""), *lost]
    assert (carrier.inbox(PHONE), len(carrier.inbox(OTHER))) == ([], 1)
    carrier.faults.order([Fault("none", to=PHONE)])
    carrier.send(PHONE, LINE, "again")
    carrier.settle()
    assert [text.body for text in carrier.inbox(PHONE)] == ["again"]


def test_an_order_holds_so_many_times():
    carrier = Service().carrier()
    carrier.faults.order([Fault("undelivered", code=30008, to=PHONE, times=1)])
    for body in ("first", "second"):
        carrier.send(PHONE, LINE, body)
    carrier.settle()
    assert [text.body for text in carrier.inbox(PHONE)] == ["second"]


@pytest.mark.parametrize(
    ("code", "status"), [("21610", 400), ("21211", 400), ("21614", 400), ("20003", 401), ("20429", 429), ("429", 429)]
)
def test_one_number_is_refused_with_a_code_of_twilios(program, code, status):  # noqa: F811
    program.order({"kind": code, "to": PHONE})
    assert program.client.messages.create(to=OTHER, from_=LINE, body="x").status == "queued"
    with pytest.raises(TwilioRestException) as refused:
        program.client.messages.create(to=PHONE, from_=LINE, body="x")
    assert (refused.value.status, refused.value.code) == (status, 20429 if code == "429" else int(code))
    assert [entry["to"] for entry in program.network.ledger] == [OTHER]


@pytest.mark.parametrize(("kind", "accepted"), [("hang", 0), ("accepted-hang", 1), ("drip", 1)])
def test_one_number_keeps_its_client_waiting(program, kind, accepted):  # noqa: F811
    program.order({"kind": kind, "to": PHONE, "seconds": 1.5})
    url = f"{program.base}/2010-04-01/Accounts/{program.network.settings.account_sid}/Messages.json"
    form, auth = {"To": PHONE, "From": LINE, "Body": "x"}, (program.network.settings.account_sid, "a-token")
    with pytest.raises(requests.RequestException):
        requests.post(url, data=form, auth=auth, timeout=(1, 0.3)).json()
    assert requests.post(url, data=form | {"To": OTHER}, auth=auth, timeout=2).status_code == 201
    assert [entry["to"] for entry in program.network.ledger] == [PHONE] * accepted + [OTHER]


def test_a_drip_is_whole_in_the_end(program):  # noqa: F811
    program.order({"kind": "drip", "seconds": 0.0005})
    assert program.client.messages.create(to=PHONE, from_=LINE, body="x").sid.startswith("SM")


def test_callbacks_come_before_the_answer(program):  # noqa: F811
    program.order({"kind": "early", "to": PHONE})
    seen = []
    program.service.answers["told"] = lambda form: seen.append(time.monotonic()) or ""
    program.client.messages.create(to=PHONE, from_=LINE, body="x", status_callback=TOLD)
    answered = time.monotonic()
    assert len(seen) == 2 and max(seen) < answered
    assert statuses(program.service) == [("sent", ""), ("delivered", "")]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("duplicate", ["sent", "sent", "delivered", "delivered"]),
        ("shuffle", ["delivered", "sent"]),
        ("lost", []),
    ],
)
def test_one_numbers_callbacks_come_as_ordered(kind, told):
    service = Service()
    carrier = service.carrier()
    carrier.faults.order([Fault(kind, to=PHONE)])
    for _ in range(2):
        carrier.send(PHONE, LINE, "x", TOLD)
        carrier.settle()
    assert [status for status, _ in statuses(service)] == told * 2


@pytest.mark.parametrize(("kind", "status"), [("busy", "busy"), ("no-answer", "no-answer"), ("unreachable", "failed")])
def test_a_call_to_one_number_is_not_answered(kind, status):
    service = Service()
    carrier = service.carrier()
    carrier.faults.order([Fault(kind, to=PHONE, times=1)])
    carrier.dial(PHONE, LINE, "http://service/start", callback=TOLD)
    carrier.settle()
    assert statuses(service, "CallStatus") == [(status, "")]
    carrier.dial(PHONE, LINE, "http://service/start", callback=TOLD)
    carrier.settle()
    assert carrier.ringing(PHONE) is not None


def test_the_ledger_tells_when_to_whom_and_which_callback(program):  # noqa: F811
    program.client.messages.create(to=PHONE, from_=LINE, body="x", status_callback=TOLD + "?m=1")
    program.client.calls.create(to=OTHER, from_=LINE, url="http://service/voice", status_callback=TOLD + "?m=2")
    text, call = requests.get(program.base + "/ledger.json", timeout=5).json()
    assert (text["kind"], text["to"], text["from"], text["body"], text["callback"]) == (
        "message", PHONE, LINE, "x", TOLD + "?m=1"
    )  # fmt: skip
    assert (call["kind"], call["url"], call["callback"]) == ("call", "http://service/voice", TOLD + "?m=2")
    assert abs(call["at"] - time.time() * 1000) < 5000
    assert requests.get(program.base + "/ledger.json?after=1", timeout=5).json() == [call]


def test_orders_may_come_from_any_thread():
    faults, taken = Faults(), []
    faults.order([Fault("429", to=PHONE, times=50)])
    threads = [
        threading.Thread(target=lambda: taken.extend(faults.for_request(PHONE).kind for _ in range(20)))
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count("429") == 50
