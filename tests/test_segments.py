"""What a text costs, held to Twilio's own calculator."""

from collections.abc import Iterator

import oracle
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ivr.channels.segments import clusters, segments, smart

GSM = (
    "".join(chr(point) for point in range(32, 127) if chr(point) != "`")
    + "\n\r@£$¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà€\f"
)
SCRIPTS = "áíóúçêâîôûãõɓɗƙọẹṣกिहिन्दीবাংলাአማርኛالعربية한국어日本語кириллица"
EMOJI = ["😀", "👍🏽", "👨‍👩‍👧‍👦", "🇰🇪", "🇪🇸", "❤️", "1️⃣", "👩🏾‍⚕️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]  # fmt: skip
PLAIN_CHARACTERS = [character for character in SCRIPTS + GSM if character.strip() or character in " \n"]

texts = st.one_of(
    st.text(st.sampled_from(GSM), max_size=520),
    st.lists(st.sampled_from([*PLAIN_CHARACTERS, *EMOJI]), max_size=250).map("".join),
    st.text(st.characters(max_codepoint=0x2FFF, exclude_categories=["Cs", "Cn", "Co"]), max_size=250),
)


@pytest.fixture(scope="module")
def calculator() -> Iterator[oracle.Calculator]:
    if (found := oracle.found()) is None:
        pytest.skip(f"node and npm's {oracle.PACKAGE} are not here: npm install --prefix var/npm {oracle.PACKAGE}")
    with oracle.Calculator(*found) as running:
        yield running


@given(text=texts)
@example("")
@example("a" * 160)
@example("a" * 161)
@example("a" * 152 + "€" * 5)
@example("é" * 69 + "😀" + "é" * 69)
@example("ọ" * 66 + "👨‍👩‍👧‍👦" + "ọ" * 66)
@example("ọ" * 66 + "🇰🇪" * 40)
def test_counts_as_twilio_does(calculator: oracle.Calculator, text: str) -> None:
    found = segments(text)
    assert (found.encoding, found.count) == calculator.segments(text)


@pytest.mark.parametrize(
    ("text", "encoding", "count", "units"),
    [
        ("", "GSM-7", 1, 0),
        ("a" * 160, "GSM-7", 1, 160),
        ("a" * 161, "GSM-7", 2, 161),
        ("a" * 306, "GSM-7", 2, 306),
        ("a" * 307, "GSM-7", 3, 307),
        ("{" * 80, "GSM-7", 1, 160),
        ("{" * 81, "GSM-7", 2, 162),
        ("a" * 152 + "{" + "a" * 152, "GSM-7", 3, 306),  # the bracket does not fit where one septet is left
        ("¿Cómo está?", "UCS-2", 1, 11),
        ("ọ" * 70, "UCS-2", 1, 70),
        ("ọ" * 71, "UCS-2", 2, 71),
        ("ọ" * 134, "UCS-2", 2, 134),
        ("ọ" * 135, "UCS-2", 3, 135),
        ("😀" * 35, "UCS-2", 1, 70),
        ("ọ" * 66 + "😀" + "ọ" * 66, "UCS-2", 3, 134),  # nor half an emoji
        ("`", "UCS-2", 1, 1),
    ],
)
def test_counts(text: str, encoding: str, count: int, units: int) -> None:
    found = segments(text)
    assert (found.encoding, found.count, found.units) == (encoding, count, units)


def test_a_lone_surrogate_is_counted_and_does_not_break() -> None:
    assert segments("\ud800").encoding == "UCS-2"


def test_a_cluster_is_what_is_read_as_one() -> None:
    assert list(clusters("a\u0301👍🏽🇰🇪🇪🇸👩🏾‍⚕️b")) == ["a\u0301", "👍🏽", "🇰🇪", "🇪🇸", "👩🏾‍⚕️", "b"]
    assert "".join(clusters("")) == ""


@given(st.text(max_size=80))
def test_clusters_lose_nothing(text: str) -> None:
    assert "".join(clusters(text)) == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("“Don’t” – ring…", '"Don\'t" - ring...'),
        ("6:00\u202fPM", "6:00 PM"),
        ("1\u00a0200", "1 200"),
        ("• one", "- one"),
        ("¿Sí… o no?", "¿Sí… o no?"),  # í needs UCS-2 anyway: nothing is won, so nothing is touched
    ],
)
def test_smart_puts_cheap_twins_where_they_help(text: str, plain: str) -> None:
    assert smart(text) == plain


@given(st.text(max_size=200))
def test_smart_never_makes_a_text_dearer(text: str) -> None:
    assert segments(smart(text)).count <= segments(text).count
