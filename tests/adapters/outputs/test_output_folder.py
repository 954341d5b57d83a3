import io
import json

import numpy as np
import pytest
from PIL import Image

from safepassage.adapters import outputs
from safepassage.adapters.message import MOST_LETTERS, message, message_in
from safepassage.adapters.page.picture import HEIGHT, WIDTH, map_png, wrap

KINDS = ("one", "two", "camps", "nobody", "hostile")
FILES = {
    "forecast.parquet",
    "forecast.xlsx",
    "places.geojson",
    "report.html",
    "towns",
    "resumen.txt",
    "map.png",
    "map_en.png",
    "manifest.json",
}


class Watch:
    def __init__(self):
        self.said = []

    def say(self, done, total, what):
        self.said.append((done, total, what))


def test_everything_is_written_and_told(one_group, tmp_path):
    watch = Watch()
    written = outputs.write_all(
        one_group, tmp_path / "out", manifest={"version": "1", "seed": 1}, progress=watch
    )
    assert set(written) == FILES
    assert all(path.is_file() for path in written.values())
    assert json.loads(written["manifest.json"].read_text(encoding="utf-8"))["seed"] == 1
    assert watch.said[-1][0] == watch.said[-1][1]
    assert not list((tmp_path / "out").rglob(".*"))


def test_an_interrupted_run_leaves_no_half_written_file_and_no_manifest(one_group, tmp_path, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(outputs, "map_png", stop)
    with pytest.raises(KeyboardInterrupt):
        outputs.write_all(one_group, tmp_path, manifest={})
    names = {path.name for path in tmp_path.iterdir()}
    assert "manifest.json" not in names
    assert not any(".part" in name for name in names)


def test_the_same_forecast_gives_the_same_bytes(one_group, tmp_path):
    names = ("report.html", "places.geojson", "resumen.txt", "map.png", "forecast.parquet")
    for run in ("a", "b"):
        outputs.write_all(one_group, tmp_path / run, manifest={})
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


@pytest.mark.parametrize("kind", KINDS)
def test_the_message_fits_a_chat_in_both_languages(every_forecast, kind):
    forecast = every_forecast[kind]
    for lang in ("es", "en"):
        assert 150 < len(message_in(forecast, lang)) <= MOST_LETTERS
    text = message(forecast)
    assert text.index("NO PUBLICAR") < text.index("NOT FOR PUBLICATION")
    assert "13 oct 2018" in text or kind in ("one", "hostile")
    assert "\u202e" not in text


def test_the_message_tells_the_next_three_nights_with_chances_and_ranges(one_group):
    text = message_in(one_group, "en")
    assert [line for line in text.splitlines() if line.startswith("Night of")] == [
        "Night of Wednesday 17 Oct:",
        "Night of Thursday 18 Oct:",
        "Night of Friday 19 Oct:",
    ]
    assert text.count("•") >= 3
    assert "%" in text
    assert "–" in text
    assert "Time of the data: 16 Oct 2018" in text


@pytest.mark.parametrize("kind", KINDS)
def test_the_picture_has_its_size_and_is_not_blank(every_forecast, kind):
    picture = Image.open(io.BytesIO(map_png(every_forecast[kind], lang="es")))
    assert picture.size == (WIDTH, HEIGHT) == (1600, 1000)
    pixels = np.asarray(picture.convert("RGB"))
    assert len(picture.convert("RGB").getcolors(maxcolors=1 << 24)) > 20
    panel = pixels[60:300, 1110:].mean()
    assert panel < 254  # words were drawn: a face was found


def test_the_picture_needs_no_font_of_the_machine(one_group):
    first = map_png(one_group, lang="en")
    assert first == map_png(one_group, lang="en")
    assert first != map_png(one_group, lang="es")


def test_long_titles_are_broken_and_cut():
    assert wrap("una caravana muy larga", 12, 2) == ["una caravana", "muy larga"]
    assert wrap("una caravana muy larga de verdad", 12, 2)[-1].endswith("…")
    lines = wrap("x" * 90 + " y", 20, 3)
    assert all(len(line) <= 20 for line in lines)
    assert wrap("", 10, 1) == [""]
