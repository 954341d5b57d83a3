"""The form as a workbook: three sheets, the same bytes for the same towns."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter

from safepassage.adapters.fieldform.questions import (
    CHOICE_COLUMNS,
    SETTING_COLUMNS,
    SURVEY_COLUMNS,
    Cells,
    FormPlaces,
    choices,
    settings,
    survey,
)

_WRITTEN = datetime(2018, 10, 12)


def form_bytes(places: FormPlaces | None = None) -> bytes:
    """Write the form.

    Parameters
    ----------
    places : FormPlaces or None     towns and groups to choose from; None: towns are asked for in words.

    Returns
    -------
    bytes       of an .xlsx workbook that KoboToolbox and ODK take as an XLSForm.
    """
    places = places or FormPlaces()
    data = io.BytesIO()
    book = xlsxwriter.Workbook(
        data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": _WRITTEN})
    sheets: dict[str, tuple[Sequence[str], list[Cells]]] = {
        "survey": (SURVEY_COLUMNS, survey(places)),
        "choices": (CHOICE_COLUMNS, choices(places)),
        "settings": (SETTING_COLUMNS, [settings()]),
    }
    for name, (columns, rows) in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, 24)
        for column, title in enumerate(columns):
            sheet.write_string(0, column, title)
        for number, row in enumerate(rows, start=1):
            for column, title in enumerate(columns):
                if row.get(title):
                    sheet.write_string(number, column, row[title])
    book.close()
    return data.getvalue()
