import re

from safepassage.adapters.outlook import relevant_places
from safepassage.adapters.sheets.folder import write_sheets
from safepassage.adapters.sheets.names import file_stems
from safepassage.adapters.sheets.town import town_html


def test_file_names_are_safe_different_and_readable():
    ids = [
        "san-pedro-sula",
        "Fassala-Mbera",
        "CON",
        "con",
        "../../etc",
        "Río",
        "Rio",
        "",
        "index",
        "😀",
        "a" * 300,
    ]
    stems = file_stems(ids)
    assert stems[0] == "san-pedro-sula"
    assert stems[1] == "fassala-mbera"
    assert len({stem.lower() for stem in stems}) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9-]{1,62}", stem) for stem in stems)
    assert not {"con", "index"} & set(stems)


def test_every_relevant_place_has_a_sheet_and_the_index_links_it(one_group, tmp_path):
    index = write_sheets(one_group, tmp_path / "towns")
    links = re.findall(r'href="([^"]+)"', index.read_text(encoding="utf-8"))
    names = {f"{one_group.network.places.ids[p]}.html" for p in relevant_places(one_group)}
    assert set(links) == names
    assert {p.name for p in index.parent.iterdir()} == names | {"index.html"}
    assert "al menos 5 %" in index.read_text(encoding="utf-8")


def test_sheets_of_an_earlier_forecast_go_and_files_of_others_stay(one_group, nobody, tmp_path):
    folder = tmp_path / "towns"
    write_sheets(one_group, folder)
    (folder / "mine.html").write_text("<p>my own notes</p>", encoding="utf-8")
    write_sheets(nobody, folder)
    assert {p.name for p in folder.iterdir()} == {"index.html", "mine.html"}


def test_a_sheet_has_a_page_in_each_language_and_room_to_write(one_group):
    text = town_html(one_group, 4)
    assert text.index('<article lang="es">') < text.index('<article lang="en">')
    assert text.count("<article") == 2
    assert text.count('class="blank"') == 8
    assert "<script" not in text
    assert "Esmeralda" in text
    assert "Qué no sabemos" in text
    assert "What we do not know" in text


def test_a_sheet_does_not_contradict_its_bars(one_group):
    for place in relevant_places(one_group):
        text = town_html(one_group, place)
        told = re.search(r"up to [^:]*: (?:&gt;|&lt;)?(\d+)%", text)
        if told:
            highest = max(float(one_group.chance_any[4:, place].max()), 0.0)
            assert int(told.group(1)) >= round(100 * highest) - 2


def test_where_people_are_already_nothing_is_announced(camps):
    text = town_html(camps, 0)
    assert "Ya puede haber personas aquí" in text
    assert "Noche más probable" in text
