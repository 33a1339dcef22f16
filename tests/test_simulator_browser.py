"""The phones in a real browser: ring, press, text, and two phones side by side, at the widths people have."""

from collections.abc import Iterator

import pytest
from browsers import a_browser, needs_a_browser
from playwright.sync_api import Browser, Page, expect
from test_simulator_rest import program  # noqa: F401 (a fixture)

ASHA, BARAKA = "+254711000001", "+254711000002"

pytestmark = needs_a_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as running:
        yield running


@pytest.fixture
def page(browser, program) -> Iterator[Page]:  # noqa: F811
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    opened = context.new_page()
    opened.set_default_timeout(8000)
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda message: wrong.append(message.text) if "Content Security" in message.text else None)
    opened.on("request", lambda request: None if program.base in request.url else wrong.append(request.url))
    with opened.expect_response(lambda response: response.url.endswith("/events")):  # what came before it is old news
        opened.goto(f"{program.base}/#{ASHA}")
    yield opened
    assert [item for item in wrong if not item.startswith("data:")] == []
    context.close()


def test_a_call_is_rung_heard_answered_by_a_key_and_over(page):
    page.get_by_role("button", name="Call or answer").click()
    expect(page.locator(".transcript")).to_contain_text("Welcome. Press one.")
    expect(page.locator(".glass")).to_contain_text("Welcome. Press one.")
    page.keyboard.press("1")
    expect(page.locator(".transcript .press kbd")).to_have_text("1")
    expect(page.locator(".transcript")).to_contain_text("Bye.")
    expect(page.locator(".transcript")).to_contain_text("Call ended")
    expect(page.locator(".state")).to_have_text("Ready")


def test_texts_go_out_and_come_back_with_their_segments(page):
    page.get_by_role("tab", name="Texts").click()
    page.get_by_label("Write a text").fill("í" * 71)
    expect(page.locator(".composer output")).to_have_text("2 segments")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".thread .own small")).to_contain_text("2 segments")
    expect(page.locator(".thread li:not(.own)")).to_contain_text("Hello.")
    page.reload()
    expect(page.locator(".thread li:not(.own)")).to_contain_text("Hello.")


def test_a_second_phone_is_added_and_rung_by_the_first(page, program):  # noqa: F811
    program.service.answers["voice"] = f"<Dial>{BARAKA}</Dial>"
    page.get_by_role("button", name="Add a phone").click()
    first, second = (page.get_by_role("region", name=f"Phone {number}") for number in (ASHA, BARAKA))
    first.get_by_role("button", name="Call or answer").click()
    expect(second.locator(".incoming")).to_contain_text("is calling")
    second.get_by_role("button", name="Answer", exact=True).click()
    for phone in (first, second):
        expect(phone.locator(".transcript")).to_contain_text("two people talk now")
    second.get_by_role("button", name="Hang up or clear").click()
    expect(first.locator(".state")).to_have_text("Ready")
    page.reload()
    expect(page.locator(".phone")).to_have_count(2)


def test_the_number_can_be_hidden_and_changed(page, program):  # noqa: F811
    page.get_by_label("Hide my number").check()
    page.get_by_role("button", name="Call or answer").click()
    expect(page.locator(".transcript")).to_contain_text("Welcome")
    assert program.service.forms("voice")[0]["From"] == "+266696687"
    page.keyboard.press("Escape")
    expect(page.locator(".state")).to_have_text("Ready")
    page.get_by_role("textbox", name="This phone").fill("+255712000009")
    page.get_by_role("textbox", name="This phone").press("Enter")
    expect(page.get_by_role("region", name="Phone +255712000009")).to_be_visible()
    assert page.url.endswith("#+255712000009")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    ("button", "words"),
    [("Decline", "Declined"), ("Let it ring out", "Missed"), ("Let a machine answer", "An answering machine takes")],
)
def test_a_call_of_the_service_rings_and_is_dealt_with(page, program, width, button, words):  # noqa: F811
    page.set_viewport_size({"width": width, "height": 740})
    program.network.dial(ASHA, program.network.settings.numbers[0], "http://service/voice", machine_detection="Enable")
    expect(page.locator(".phone.ringing .state")).to_have_text("Incoming call")
    expect(page.get_by_role("button", name=button)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name=button).click()
    expect(page.locator(".transcript")).to_contain_text(words)
    expect(page.locator(".incoming")).to_be_hidden()


def test_a_text_shakes_the_phone_and_stands_in_the_title_until_somebody_looks(page, program):  # noqa: F811
    line = program.network.settings.numbers[0]
    page.evaluate("document.hasFocus = () => false")
    program.network.send(ASHA, line, "Good morning")
    expect(page.locator(".device.buzz")).to_be_visible()
    expect(page.locator(".words")).to_have_text(f"New text from {line}")
    expect(page).to_have_title("(1) new text")
    page.evaluate("document.hasFocus = () => true")
    expect(page).to_have_title("Phones · Warmline")


def test_a_text_that_does_not_arrive_is_no_text_on_the_phone(page, program):  # noqa: F811
    program.order({"kind": "undelivered", "code": 30003, "to": ASHA})
    program.network.send(ASHA, program.network.settings.numbers[0], "Good morning")
    page.get_by_role("tab", name="Texts").click()
    expect(page.locator(".thread .astray")).to_contain_text("30003")
    expect(page.locator(".thread")).not_to_contain_text("Good morning")


def test_the_numbers_say_what_they_are_for(page):
    expect(page.get_by_label("rings and texts")).to_contain_text("line, en")


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_runs_over_the_edge(page, width):
    page.set_viewport_size({"width": width, "height": 740})
    page.get_by_role("button", name="Call or answer").click()
    expect(page.locator(".transcript")).to_contain_text("Welcome")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = page.eval_on_selector_all(".keys button", "keys => keys.map(key => key.offsetHeight)")
    assert len(sizes) == 12 and min(sizes) >= 44
