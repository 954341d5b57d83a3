"""What is found while a folder is read: faults, and notices of what was understood all the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from safepassage.core.errors import Fault, InputError

SHOWN_CHARACTERS = 60
SAME_FAULTS_SHOWN = 20


def printable(text: str) -> str:
    """Replace control characters, which could hide or turn what is read."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def shown(text: str) -> str:
    """Quote what stands in a cell, cut to a length that can be read and without control characters."""
    plain = printable(text[: SHOWN_CHARACTERS + 1])
    return f"'{plain[:SHOWN_CHARACTERS]}…'" if len(plain) > SHOWN_CHARACTERS else f"'{plain}'"


@dataclass
class Findings:
    """Faults and notices, in the order they were found; equal notices of one column are told once."""

    faults: list[Fault] = field(default_factory=list)
    _notices: dict[tuple[str, str | None, str], Fault] = field(default_factory=dict)
    _times: Counter[tuple[str, str | None, str]] = field(default_factory=Counter)

    def note(self, notice: Fault) -> None:
        """Take a notice; of those with one file, column and meaning the first is kept, the rest counted."""
        key = (notice.file, notice.column, notice.expected)
        self._notices.setdefault(key, notice)
        self._times[key] += 1

    @property
    def notices(self) -> tuple[Fault, ...]:
        """Every kind of notice once, with the number of its rows."""
        told = []
        for key, notice in self._notices.items():
            more = self._times[key] - 1
            told.append(replace(notice, found=f"{notice.found} (and {more} more rows)") if more else notice)
        return tuple(told)

    def raise_if_any(self, headline: str) -> None:
        """Raise one `InputError` with every fault; those of one column are cut to twenty and a count."""
        if not self.faults:
            return
        seen: Counter[tuple[str, str | None]] = Counter()
        kept = []
        for fault in self.faults:
            key = (fault.file, fault.column)
            seen[key] += 1
            if seen[key] <= SAME_FAULTS_SHOWN:
                kept.append(fault)
        for (file, column), times in seen.items():
            if times > SAME_FAULTS_SHOWN:
                found = f"{times - SAME_FAULTS_SHOWN} more faults"
                kept.append(Fault(file, found, "none", "mend the ones above first", column=column))
        raise InputError(kept, headline)
