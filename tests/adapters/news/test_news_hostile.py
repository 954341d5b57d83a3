"""Texts that are none, that hide something, or that are very long."""

import time
from datetime import date

import pytest

from safepassage.adapters import builtin, folder
from safepassage.adapters.news import Circumstances, checked, decode, read_article
from safepassage.core.errors import InputError

PLACES = folder.read_network(builtin.network_path("mesoamerica")).places
NOW = Circumstances(date(2018, 10, 31))
SENTENCE = "Unas 5.000 personas de la caravana llegaron ayer a Juchitán."


@pytest.mark.parametrize(
    "raw",
    [b"", b" \n\t", b"\x00\x01\x02" * 500, b"%PDF-1.4\n" + bytes(range(256)) * 20, b"a " * 5_000_000],
    ids=["empty", "blank", "binary", "pdf", "10 MB"],
)
def test_what_is_no_article_is_refused_and_says_how_to_mend_it(raw: bytes) -> None:
    with pytest.raises(InputError, match="To mend"):
        decode(raw, name="news.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_usual_encodings_are_read(encoding: str) -> None:
    (proposal,) = read_article(decode(SENTENCE.encode(encoding), name="x"), PLACES, NOW).proposals
    assert PLACES.ids[proposal.report.place] == "juchitan-de-zaragoza"


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE.replace("caravana", "cara\u200bvana").replace("Juch", "Ju\u200b\u200dch"),
        SENTENCE.replace("á", "a\u0301"),
        SENTENCE.replace(" ", "\u00a0"),
        f"<p>{SENTENCE.replace('á', '&aacute;')}</p><script>llegaron 9.000 personas a Arriaga</script>",
        f"<b>{SENTENCE[:20]}</b>{SENTENCE[20:]}<p>",
    ],
    ids=["zero width", "decomposed", "hard spaces", "entities", "tags within"],
)
def test_what_is_hidden_or_marked_up_does_not_change_what_is_read(text: str) -> None:
    (proposal,) = read_article(text, PLACES, NOW).proposals
    assert PLACES.ids[proposal.report.place] == "juchitan-de-zaragoza"
    assert proposal.report.low == 5000
    assert "\u200b" not in proposal.report.excerpt
    first, last = proposal.span or (0, 0)
    assert text[first:last].startswith("Unas")
    assert text[first:last].endswith(".")


def test_a_sentence_wrapped_at_a_margin_is_one_sentence() -> None:
    text = SENTENCE.replace(" ayer", "\nayer").removesuffix(".") + ",\nsegún la policía."
    (proposal,) = read_article(text, PLACES, NOW).proposals
    assert proposal.report.source_kind == "official"


def test_other_languages_give_a_notice_and_no_report() -> None:
    text = (
        "Environ trois mille réfugiés sont arrivés hier à la frontière, selon les autorités du pays voisin."
    )
    reading = read_article(text, PLACES, NOW)
    assert reading.proposals == ()
    assert reading.notices


def test_a_table_is_not_taken_for_sentences() -> None:
    rows = "Tapachula 1,200 people Huixtla 3,400 people Arriaga 2,300 people " * 10
    assert read_article(rows, PLACES, NOW).proposals == ()


def test_an_article_is_read_in_well_under_a_second() -> None:
    text = " ".join([SENTENCE, "Los organizadores hablan de 7.000."] * 25)
    read_article(text, PLACES, NOW)  # the table of towns is loaded once
    took = []
    for _ in range(3):
        began = time.process_time()
        read_article(text, PLACES, NOW)
        took.append(time.process_time() - began)
    assert min(took) < 1.0


@pytest.mark.parametrize("piece", ["<script>", "a, ", "(", "Juan Perez de ", "mil ", "1,234 ", "A"])
def test_time_grows_with_the_length_of_a_text_and_no_faster(piece: str) -> None:
    def seconds(characters: int) -> float:
        text = checked((piece * characters)[:characters], name="x")
        began = time.process_time()
        read_article(text, PLACES, NOW)
        return time.process_time() - began

    seconds(1_000)
    short, long = min(seconds(4_000) for _ in range(3)), min(seconds(16_000) for _ in range(2))
    assert long < 10 * short + 0.3
