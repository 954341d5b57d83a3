"""docs/needs.md tells every figure, item, unit and share that ships."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_lists_every_figure_with_its_source() -> None:
    page = (ROOT / "docs/needs.md").read_text(encoding="utf-8")
    made = runpy.run_path(str(ROOT / "tools/build_needs_docs.py"))["filled"](page)
    assert made == page, "run tools/build_needs_docs.py"
