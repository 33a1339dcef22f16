"""Calls in virtual time: what is heard when, and which keys reach the service."""

from dataclasses import replace

import pytest
from test_simulator_settings import LINE, PHONE, SETTINGS, Service

from simulator.steps import Take
from simulator.wires import Fetched

MENU = (
    '<Gather numDigits="1" action="/chosen" timeout="4" finishOnKey="">'
    '<Say language="en">Welcome.</Say><Pause length="2"/><Say language="en">Press 1.</Say></Gather>'
)
MISSED = "+254700000101"
BYE = "<Say>Goodbye.</Say><Hangup/>"


def test_a_prompt_is_heard_and_a_key_goes_to_the_action():
    service = Service(voice=MENU, chosen=BYE)
    call = service.carrier().ring(PHONE)
    assert call.listen() == "Welcome. Press 1."
    heard = [(heard.kind, heard.text) for heard in call.heard]
    assert heard == [("say", "Welcome."), ("pause", ""), ("say", "Press 1.")]
    call.press("1")
    assert call.listen() == "Goodbye."
    assert call.ended and call.status == "completed"
    assert service.forms("chosen")[0]["Digits"] == "1"
    assert all(service.signed)


def test_time_is_estimated_from_the_words():
    call = Service(voice=MENU).carrier().ring(PHONE)
    first, pause, second = call.heard
    assert first.seconds == pytest.approx(0.3 + 8 / 13)
    assert pause.at == pytest.approx(first.seconds)
    assert call.now == pytest.approx(second.at + second.seconds)


def test_a_key_barges_in():
    call = Service(voice=MENU, chosen=BYE).carrier().ring(PHONE).press("1", after=0.5)
    assert [(heard.at, heard.kind) for heard in call.heard[:3]] == [(0, "say"), (0.5, "press"), (0.5, "say")]
    assert call.heard[0].cut


def test_silence_falls_through_to_the_next_verb_after_prompt_and_timeout():
    service = Service(voice=MENU + "<Redirect>/later</Redirect>", later=BYE)
    call = service.carrier().ring(PHONE)
    before = call.now
    call.wait()
    assert call.heard[3].kind == "silence" and call.heard[3].at == pytest.approx(before)
    assert call.heard[4].at == pytest.approx(before + 4)
    assert "Digits" not in service.forms("later")[0]


def test_an_empty_result_is_posted_where_it_is_wanted():
    service = Service(voice=MENU.replace("<Gather", '<Gather actionOnEmptyResult="true"'), chosen=BYE)
    service.carrier().ring(PHONE).wait()
    assert service.forms("chosen")[0]["Digits"] == ""


def test_several_digits_end_by_hash_or_by_silence():
    entry = '<Gather action="/chosen" timeout="3"><Say>Your PIN, then hash.</Say></Gather>'
    service = Service(voice=entry, chosen=BYE)
    service.carrier().ring(PHONE).press("1234#")
    service.carrier().ring(PHONE).press("12").wait()
    assert [form["Digits"] for form in service.forms("chosen")] == ["1234", "12"]
    assert service.forms("chosen")[0]["FinishedOnKey"] == "#"


def test_silences_are_joined():
    call = Service(voice=MENU + '<Pause length="3"/>' + BYE).carrier().ring(PHONE).wait()
    assert [round(gap.seconds) for gap in call.silences] == [2, 7]


def test_a_recording_says_its_transcript_and_lasts_as_long_as_its_file():
    service = Service(voice="<Play>audio/hello.mp3</Play>" + MENU)
    frames = b"\xff\xf3\x40\xc0" + bytes(4 * 8000 // 8 * 2 - 4)  # MPEG-2, 32 kbit/s, two seconds
    headers = {"Content-Type": "audio/mpeg", "X-Transcript": "Habari%20yako"}
    service.files["audio/hello.mp3"] = Fetched(200, headers, frames)
    heard = service.carrier().ring(PHONE).heard[0]
    assert (heard.kind, heard.text, heard.transcript) == ("play", "Habari yako", True)
    assert heard.seconds == pytest.approx(2.0)
    assert heard.url == "http://service/audio/hello.mp3"


def test_a_missing_recording_is_a_problem_and_the_carriers_apology():
    carrier = Service(voice="<Play>/gone.mp3</Play>").carrier()
    call = carrier.ring(PHONE)
    assert "application error" in call.listen() and call.ended
    assert [problem.code for problem in carrier.problems] == [11200]


def test_a_recorded_message_is_posted():
    service = Service(voice='<Record action="/kept" maxLength="30"/>', kept=BYE)
    call = service.carrier().ring(PHONE)
    assert isinstance(call.step, Take)
    call.speak(4.2, "#")
    form = service.forms("kept")[0]
    assert (form["RecordingDuration"], form["Digits"]) == ("4", "#")
    assert form["RecordingUrl"].endswith(form["RecordingSid"])


def test_saying_nothing_into_a_recording_falls_through():
    service = Service(voice='<Record action="/kept"/>' + BYE)
    call = service.carrier().ring(PHONE).wait()
    assert call.listen() == "Goodbye." and not service.forms("kept")


def test_a_dialled_phone_answers_talks_and_hangs_up():
    whisper = '<Gather numDigits="1" action="/ok"><Say>Press 1 to talk.</Say></Gather><Hangup/>'
    dial = '<Dial action="/after" timeout="20"><Number url="/whisper">+254722000009</Number></Dial>'
    service = Service(voice=dial, whisper=whisper, ok="", after=BYE)
    carrier = service.carrier()
    call = carrier.ring(PHONE)
    other = carrier.answer("+254722000009")
    assert other.listen() == "Press 1 to talk."
    other.press("1").hang_up(after=60)
    form = service.forms("after")[0]
    assert (form["DialCallStatus"], form["DialCallDuration"], form["DialCallSid"]) == ("completed", "60", other.sid)
    assert call.ended and call.now > 60


@pytest.mark.parametrize(("act", "status"), [("wait", "no-answer"), ("decline", "busy"), ("refused", "no-answer")])
def test_a_dialled_phone_that_does_not_talk(act, status):
    dial = '<Dial action="/after"><Number url="/whisper">+254722000009</Number></Dial>'
    service = Service(voice=dial, whisper="<Hangup/>", after=BYE)
    carrier = service.carrier()
    call = carrier.ring(PHONE)
    if act == "wait":
        call.wait()
    elif act == "decline":
        carrier.decline("+254722000009")
    else:
        carrier.answer("+254722000009")
    assert service.forms("after")[0]["DialCallStatus"] == status


def test_hanging_up_while_it_rings_elsewhere_ends_both():
    carrier = Service(voice="<Dial>+254722000009</Dial>").carrier()
    call = carrier.ring(PHONE)
    call.hang_up()
    assert call.ended and carrier.ringing("+254722000009") is None


def test_patience_ends_the_call_at_that_second():
    call = Service(voice="<Say>" + "word " * 100 + "</Say>" + MENU).carrier().ring(PHONE, patience=5)
    assert call.ended and call.now == pytest.approx(5)
    assert call.heard[0].seconds == pytest.approx(5) and call.heard[0].cut


def test_the_tests_clock_moves_with_the_call():
    passed: list[float] = []
    call = Service(voice=MENU, chosen=BYE).carrier(pace=passed.append).ring(PHONE)
    assert sum(passed) == 0
    call.press("1", after=1.5)
    assert sum(passed) == pytest.approx(call.now)


@pytest.mark.parametrize("reject", ["<Reject/>", '<Reject reason="busy"/>', '<Reject reason="rejected"/><Say>Hi</Say>'])
def test_a_rejected_call_was_never_answered_and_costs_nothing(reject):
    service = Service(voice=lambda form: reject if form["To"] == MISSED else MENU)
    both = replace(SETTINGS, numbers=(LINE, MISSED), status_url="http://service/ended")
    carrier = service.carrier(both)
    call = carrier.ring(PHONE, to=MISSED)
    assert (call.status, call.duration, call.ended) == ("busy", 0, True)
    assert [(heard.kind, heard.text, heard.at) for heard in call.heard] == [("over", "rejected", 0.0)]
    (form,) = service.forms("ended")
    assert (form["CallStatus"], form["CallDuration"], form["To"]) == ("busy", "0", MISSED)
    assert carrier.ring(PHONE).status == "in-progress"


def test_who_has_answered_can_only_hang_up():
    assert Service(voice="<Say>Hi</Say><Reject/>").carrier().ring(PHONE).status == "completed"


def test_a_circle_without_a_question_ends():
    carrier = Service(voice="<Redirect>/voice</Redirect>").carrier()
    assert carrier.ring(PHONE).ended and carrier.problems


def test_a_withheld_number_is_not_shown():
    service = Service(voice=BYE)
    service.carrier().ring(PHONE, withheld="+266696687")
    assert service.forms("voice")[0]["From"] == "+266696687"


def test_the_webhook_carries_what_twilio_sends():
    service = Service(voice=BYE)
    service.carrier().ring(PHONE)
    form = service.forms("voice")[0]
    assert form["CallStatus"] == "ringing" and form["Direction"] == "inbound"
    assert (form["From"], form["Caller"], form["To"], form["Called"]) == (PHONE, PHONE, LINE, LINE)
    assert form["FromCity"] == "" and form["ApiVersion"] == "2010-04-01"


@pytest.mark.parametrize(("status", "kind", "code"), [(500, "text/xml", 11200), (200, "text/html", 12300)])
def test_a_failing_service_is_replaced_by_its_fallback(status, kind, code):
    broken = Service()
    broken.status, broken.content_type = status, kind
    good = Service(fallback="<Say>Ring 999.</Say>")

    def post(url, form, headers):
        return (good if "fallback" in url else broken).post(url, form, headers)

    carrier = broken.carrier(replace(SETTINGS, fallback_url="http://service/fallback"))
    carrier.webhooks.wire = carrier.webhooks.wire._replace(post=post)
    call = carrier.ring(PHONE)
    assert call.listen() == "Ring 999."
    assert good.asked[0][1]["ErrorCode"] == str(code)


def test_nobody_at_the_other_end():
    def post(url, form, headers):
        raise TimeoutError

    carrier = Service().carrier()
    carrier.webhooks.wire = carrier.webhooks.wire._replace(post=post)
    assert "application error" in carrier.ring(PHONE).listen()
    assert carrier.problems[0].code == 11205


def test_the_end_of_a_call_is_told():
    service = Service(voice=MENU)
    carrier = service.carrier(replace(SETTINGS, status_url="http://service/ended"))
    carrier.ring(PHONE).hang_up()
    form = service.forms("ended")[0]
    assert (form["CallStatus"], form["CallDuration"], form["SequenceNumber"]) == ("completed", "4", "0")


def test_an_outgoing_call_tells_its_events_in_order():
    service = Service(start=BYE)
    carrier = service.carrier()
    wishes = {"callback": "http://service/told", "events": "initiated ringing answered completed"}
    carrier.dial(PHONE, LINE, "http://service/start", machine_detection="Enable", **wishes)
    call = carrier.answer(PHONE, machine=True)
    told = [(form["SequenceNumber"], form["CallStatus"]) for form in service.forms("told")]
    assert told == [("0", "initiated"), ("1", "ringing"), ("2", "in-progress"), ("3", "completed")]
    assert service.forms("start")[0]["AnsweredBy"] == "machine_start" and call.direction == "outbound-api"


@pytest.mark.parametrize(
    ("detection", "machine", "seen"),
    [
        ("Enable", False, "human"),
        ("Enable", True, "machine_start"),
        ("DetectMessageEnd", True, "machine_end_beep"),
        ("DetectMessageEnd", "machine_end_silence", "machine_end_silence"),
        ("Enable", "unknown", "unknown"),
        ("", True, None),
    ],
)
def test_who_answers_is_told_with_the_first_request_and_the_callbacks(detection, machine, seen):
    service = Service(start=BYE)
    carrier = service.carrier()
    told = {"callback": "http://service/told", "events": "ringing answered completed"}
    carrier.dial(PHONE, LINE, "http://service/start", machine_detection=detection, **told)
    carrier.answer(PHONE, machine=machine)
    assert service.forms("start")[0].get("AnsweredBy") == seen
    assert [form.get("AnsweredBy") for form in service.forms("told")] == [None, seen, seen]


def test_an_outgoing_call_rings_as_long_as_it_may():
    passed: list[float] = []
    service = Service()
    carrier = service.carrier(pace=passed.append)
    carrier.dial(PHONE, LINE, "http://service/start", callback="http://service/told", timeout="25")
    assert carrier.ring_out(PHONE).status == "no-answer"
    assert (sum(passed), service.forms("told")[0]["CallStatus"], service.forms("start")) == (25, "no-answer", [])


def test_pressing_after_the_end_is_the_tests_mistake():
    call = Service(voice=BYE).carrier().ring(PHONE)
    with pytest.raises(RuntimeError, match="has ended"):
        call.press("1")
