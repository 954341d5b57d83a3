"""Write the tables of docs/scenario-folder.md from the columns, keys and ranges that the reader knows.

python tools/build_folder_docs.py
"""

from __future__ import annotations

import re
from pathlib import Path

from safepassage.adapters.folder.columns import BESIDE_FILES, COLUMNS, TABLE_FILES
from safepassage.adapters.folder.settings import KEY_MEANINGS, LAW_LIMITS
from safepassage.core.caravan_priors import DEFAULT_PRIORS, PRIOR_LIMITS
from safepassage.core.scenario import GoalLaw

PAGE = Path(__file__).parents[1] / "docs/scenario-folder.md"


def filled(text: str) -> str:
    settings = ["| key | meaning |", "|---|---|"]
    settings += [f"| `{key}` | {meaning} |" for key, meaning in KEY_MEANINGS.items()]
    tables = []
    for file in (*TABLE_FILES, *BESIDE_FILES):
        tables += [f"### `{file}`", "| column | meaning |", "|---|---|"]
        tables += [f"| `{c.name}`{'!' if c.required else ''} | {c.meaning} |" for c in COLUMNS[file]]
        tables.append("")
    law = ["| key | from | to | default |", "|---|---|---|---|"]
    for key, (low, high) in LAW_LIMITS.items():
        law.append(f"| `{key}` | {low:g} | {high:g} | {getattr(GoalLaw(), key):g} |")
    priors = ["| name | from | to | default: shape, low, high |", "|---|---|---|---|"]
    for prior in DEFAULT_PRIORS:
        limit = PRIOR_LIMITS[prior.name]
        default = f"{prior.shape}, {prior.low:g}, {prior.high:g}"
        priors.append(f"| `{prior.name}` | {limit.low:g} | {limit.high:g} | {default} |")
    for mark, lines in (("settings", settings), ("law", law), ("priors", priors), ("tables", tables)):
        block = f"<!-- {mark} -->\n" + "\n".join(lines).strip() + "\n<!-- end -->"
        text = re.sub(rf"<!-- {mark} -->(.*?<!-- end -->)?", lambda _, b=block: b, text, count=1, flags=re.S)
    return text


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
