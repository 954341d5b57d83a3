"""A column of the workbook."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column of a sheet: its two headings, how its cells look, and its width in letters."""

    es: str
    en: str
    look: str
    width: int

    @property
    def heading(self) -> str:
        """Both headings, one below the other."""
        return f"{self.es}\n{self.en}"
