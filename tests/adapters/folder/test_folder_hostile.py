"""Folders damaged at random: whatever stands in them, they load or are refused, and never break."""

import random
from pathlib import Path

import pytest
from small_folder import FILES, small_folder

from safepassage.adapters import folder
from safepassage.core.errors import Fault, InputError

JUNK = (
    "", "NaN", "1e308", "-1", "200", "inf", '"', ";", ",", "\n", "\r", "\x00", "ñ", "\ufeff", "2020-13-45",
    "03/04/2020", "uno", "\t", "=1+1",
    "9" * 400, "1e-400", "true", "[a]", "💥", "\u202e", "0000-00-00", "None",
)  # fmt: skip
ENCODINGS = ("utf-16", "cp1252", "utf-8-sig", "utf-32", "utf-16-le")


def damaged(text: str, luck: random.Random) -> str | bytes | None:
    """Exchange a few letters, a cell, the order of rows, the end, the encoding, or lose the file."""
    lines = text.split("\n")
    kind = luck.randrange(8)
    if kind <= 2:
        first = luck.randrange(len(text))
        return text[:first] + luck.choice(JUNK) + text[first + luck.randint(0, 6) :]
    if kind == 3:
        row = luck.randrange(len(lines))
        cells = lines[row].split(",")
        cells[luck.randrange(len(cells))] = luck.choice(JUNK)
        lines[row] = ",".join(cells)
        return "\n".join(lines)
    if kind == 4:
        luck.shuffle(lines)
        return "\n".join(lines)
    if kind == 5:
        return text[: luck.randrange(len(text))]
    if kind == 6:
        return text.encode(luck.choice(ENCODINGS), errors="replace")
    return None


@pytest.mark.parametrize("seed", range(150))
def test_a_damaged_folder_loads_or_is_refused_with_faults(seed: int, tmp_path: Path) -> None:
    luck = random.Random(seed)
    files = luck.sample(sorted(FILES), luck.randint(1, 3))
    path = small_folder(tmp_path, **{f.partition(".")[0]: damaged(FILES[f], luck) for f in files})
    refused: tuple[Fault, ...] = ()
    try:
        scenario, _ = folder.read(path)
    except InputError as error:
        refused = error.faults
    for fault in refused:
        assert fault.found
        assert fault.expected
        assert fault.mend
        assert str(fault).isprintable()
    if not refused:
        texts = folder.folder_texts(scenario)
        folder.write(scenario, tmp_path / "again")
        assert folder.folder_texts(folder.read(tmp_path / "again")[0]) == texts
