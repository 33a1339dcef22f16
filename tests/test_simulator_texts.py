"""Texts: answers, the carrier's own words, segments, callbacks; and the TwiML that is refused."""

import pytest
from test_simulator_settings import LINE, PHONE, Service

from simulator.faults import Fault
from simulator.refusals import Refusal
from simulator.sounds import played_seconds, tone
from simulator.texts import STOPPED, segments
from simulator.twiml import TwimlError, read_sms, read_voice

ECHO = "<Message>Thank you.</Message>"


def test_a_text_is_answered():
    service = Service(sms=ECHO)
    carrier = service.carrier()
    assert carrier.text(PHONE, body="hello") == ["Thank you."]
    form = service.forms("sms")[0]
    assert (form["From"], form["To"], form["Body"], form["SmsStatus"]) == (PHONE, LINE, "hello", "received")
    assert form["MessageSid"] == form["SmsSid"] and form["NumSegments"] == "1"
    assert [text.status for text in carrier.inbox(PHONE)] == ["delivered"]


def test_a_body_element_and_a_redirect_work():
    service = Service(sms="<Redirect>/more</Redirect>", more="<Message><Body>Here</Body></Message>")
    assert service.carrier().text(PHONE, body="hi") == ["Here"]


def test_stop_blocks_until_start_and_the_service_hears_of_both():
    service = Service(sms=ECHO)
    carrier = service.carrier()
    assert carrier.text(PHONE, body=" Stop ") == [STOPPED]
    assert carrier.text(PHONE, body="hello") == []
    assert carrier.text(PHONE, body="help") == []
    with pytest.raises(Refusal) as refused:
        carrier.send(PHONE, LINE, "are you well?")
    assert refused.value.code == 21610
    assert carrier.text(PHONE, body="UNSTOP")[1:] == ["Thank you."]
    assert [form["Body"] for form in service.forms("sms")] == [" Stop ", "hello", "help", "UNSTOP"]


def test_stop_please_is_no_such_word():
    carrier = Service(sms=ECHO).carrier()
    assert carrier.text(PHONE, body="stop please") == ["Thank you."]


def test_a_texts_statuses_are_told_in_order_or_as_ordered():
    service = Service()
    carrier = service.carrier()
    carrier.send(PHONE, LINE, "one", "http://service/told")
    carrier.settle()
    assert [form["MessageStatus"] for form in service.forms("told")] == ["sent", "delivered"]
    carrier.faults.order([Fault("shuffle"), Fault("duplicate")])
    carrier.send(PHONE, LINE, "two", "http://service/told")
    carrier.settle()
    assert [form["MessageStatus"] for form in service.forms("told")[2:]] == ["delivered", "delivered", "sent"]


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 1), ("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("í" * 71, 2), ("😀" * 36, 2)],
)
def test_segments_are_billed_as_the_carrier_bills(text, count):
    assert segments(text) == count


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", 11770),
        ("<Response>", 12100),
        ("<Other/>", 12100),
        ("<!DOCTYPE x><Response/>", 12100),
        ("<Response><Sing/></Response>", 12200),
        ("<Response>words</Response>", 12200),
        ('<Response><Pause length="0"/></Response>', 12200),
        ('<Response><Pause length="1.5"/></Response>', 12200),
        ('<Response><Gather timeout="0"/></Response>', 12200),
        ('<Response><Gather finishOnKey="12"/></Response>', 12200),
        ('<Response><Gather colour="red"/></Response>', 12200),
        ("<Response><Gather><Hangup/></Gather></Response>", 12200),
        ("<Response><Say><b>loud</b></Say></Response>", 12200),
        ("<Response><Say>" + "a" * 65_536 + "</Say></Response>", 11750),
    ],
)
def test_bad_twiml_has_twilios_code(body, code):
    with pytest.raises(TwimlError) as error:
        read_voice("", "text/xml", body.encode())
    assert error.value.code == code


def test_twiml_of_another_kind_is_refused():
    with pytest.raises(TwimlError, match="12300"):
        read_voice("", "application/json", b"<Response/>")
    with pytest.raises(TwimlError, match="12200"):
        read_sms("", "text/xml", b"<Response><Say>no</Say></Response>")


def test_ssml_inside_say_is_words_and_pauses():
    said = b'<Response><Say>Breathe <break time="1500ms"/><prosody rate="slow">in</prosody><break/></Say></Response>'
    verb = read_voice("", "application/xml", said).verbs[0]
    assert (verb.text, verb.breaks) == ("Breathe in", 2.25)


def test_a_wav_file_lasts_as_long_as_it_says():
    assert played_seconds(tone(1.5)) == pytest.approx(1.5)
    assert played_seconds(b"no sound at all") == 1.0
