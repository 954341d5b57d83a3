"""The figures of docs/accuracy.md come from its tool, which says itself whether a target was met."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_accuracy", ROOT / "tools" / "build_accuracy.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def row(value: float, baseline: float, name: str = "last value", **more: object) -> dict[str, object]:
    return {
        "case": "all camps",
        "metric": "crps",
        "horizon_days": 30,
        "value": value,
        "baseline": name,
        "baseline_value": baseline,
        "unit": "% of all",
        "origins": 12,
        "difference": value - baseline,
        "difference_low": None,
        "difference_high": None,
    } | more


def test_no_block_is_left_empty(tool: ModuleType) -> None:
    page = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")
    blocks = list(tool.BLOCK.finditer(page))
    assert len(blocks) > 10
    assert [block[0] for block in blocks if not block[4].strip()] == []
    assert page.count("<!-- end -->") == len(blocks)


def test_a_verdict_follows_from_the_figures_beside_it(tool: ModuleType) -> None:
    page = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| (.+) \| ratio at most ([\d.]+) \| ([\d.]+).*\| (\S+) \|$", page, re.MULTILINE)
    assert len(lines) > 10
    for words, most, reached, verdict in lines:
        if abs(float(most) - float(reached)) > 0.005:  # as rounded on the page
            assert (verdict == "yes") == (float(reached) < float(most)), words


def test_a_ratio_is_held_against_the_best_of_the_rules_that_may_count(tool: ModuleType) -> None:
    rows = [row(8.0, 10.0), row(8.0, 9.0, "drift"), row(8.0, 5.0, "seldom scored", origins=3)]
    target = tool.Ratio("CRPS", "camps", "all camps", "crps", 30, 0.9)
    assert "| 0.89 | 8.00 | 9.00 (drift) | yes |" in tool.target_text(target, {"camps": rows})
    strict = tool.Ratio("CRPS", "camps", "all camps", "crps", 30, 0.8, ("last value",))
    assert "10.00 (last value) | yes" in tool.target_text(strict, {"camps": rows})


def test_a_miss_is_called_a_miss(tool: ModuleType) -> None:
    target = tool.Ratio("CRPS", "camps", "all camps", "crps", 30, 0.7)
    assert "**no**" in tool.target_text(target, {"camps": [row(8.0, 10.0)]})
    assert "not measured" in tool.target_text(target, {"camps": []})
