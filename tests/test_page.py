"""The counselors' page, as somebody at a browser goes through it."""

import pytest
from desk import somebody_asks
from page import at_the_desk
from people import Line, a_line

from ivr.callbacks.requests import URGENT
from ivr.models import Callback, Note


@pytest.fixture
def line(database_url: str):
    with a_line(database_url) as line:
        yield line


def test_a_counselor_takes_a_request_reads_the_card_writes_a_note_and_closes(line: Line) -> None:
    somebody_asks(line, name="Neighbour", topic="the roof")
    (request,) = line.waiting()
    page = at_the_desk(line)
    assert str(request.ref) in page.page
    assert "Neighbour" not in page.page
    page.sends("/next")
    assert "It is yours until" in page.page
    assert "Neighbour" in page.page and "the roof" in page.page
    page.sends(f"/requests/{request.ref}/close", note="They will try the well.", state="reached")
    assert "Closed." in page.page and "Nobody waits." in page.page
    assert [each.state for each in line.rows(Callback)] == ["reached"]
    assert line.opened(Note, "body") == ["They will try the well."]
