"""The form with which field teams report from a phone: an XLSForm for KoboToolbox and ODK.

It asks for a town and a day and nothing finer, and for no name: no position, no device, no user, no hour of
filling in. `reports.xlsx` beside this file is the form without a list of towns, as `form_bytes()` writes it.
What it asks, `adapters.intake` reads; tests hold the two together.
"""

from pathlib import Path

from safepassage.adapters.fieldform.questions import QUESTION_NAMES as QUESTION_NAMES
from safepassage.adapters.fieldform.questions import FormPlaces as FormPlaces
from safepassage.adapters.fieldform.writing import form_bytes as form_bytes

GENERIC = Path(__file__).parent / "reports.xlsx"
