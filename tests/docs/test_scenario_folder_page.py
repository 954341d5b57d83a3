import re
import runpy
from pathlib import Path

from safepassage.adapters import folder
from safepassage.workflows.load import load

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/scenario-folder.md").read_text(encoding="utf-8")
FILES = ("scenario.toml", "places.csv", "links.csv", "groups.csv", "destinations.csv")


def test_the_example_loads_as_it_stands(tmp_path: Path) -> None:
    blocks = re.findall(r"```(?:toml|csv)\n(.*?)```", PAGE, flags=re.DOTALL)
    assert len(blocks) == len(FILES)
    for file, text in zip(FILES, blocks, strict=True):
        (tmp_path / file).write_text(text, encoding="utf-8")
    scenario = load(tmp_path)
    assert scenario.network.places.names[scenario.groups[0].route[0]] == "Puerto Azul"
    assert folder.read(tmp_path)[1] == ()


def test_the_page_lists_every_file_column_and_key() -> None:
    made = runpy.run_path(str(ROOT / "tools/build_folder_docs.py"))["filled"](PAGE)
    assert made == PAGE, "run tools/build_folder_docs.py"
