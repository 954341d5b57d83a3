"""Persons in offers and in the three tables, beyond what all tables refuse: whom to ask for, and clergy."""

from __future__ import annotations

import re
from collections.abc import Iterable

from safepassage.adapters.folder.privacy import CONTACT, PERSON
from safepassage.core.gazetteer import fold

_NAME = r"[A-ZÁÉÍÓÚÑÜ][a-záéíóúñü]+"
_TITLED = re.compile(
    rf"\b(?i:padre|pbro|p[aá]rroco|fray|sor|hermana|hermano|hna|hno|pastor|pastora|father|fr|sister|"
    rf"brother|rev|"
    rf"reverend|sra?|srta|dra?|lic|ing|prof|mrs?|ms|don|doña|señora?|alcalde|alcaldesa|"
    rf"mayor)\b\.?\s+(?P<name>{_NAME})"
)
_CALLED = re.compile(
    rf"(?i:\bsoy|mi nombre es|me llamo|pregunt\w+\s+(?:por|con)|com[uú]ni\w+ con|hablar con|"
    rf"habla con|"
    rf"llam\w+ a|atiende|coordina|encargad[oa]|ask for|call|talk to|my name is|i am|i'm|"
    rf"this is|"
    rf"coordinated by|in charge)\b:?\s+(?:(?i:el|la|a|es|is|con)\s+)?(?P<name>{_NAME})"
)
_LONG_NUMBER = re.compile(r"(?<![\d/])(?:\d[ .-]?){9,}\d(?!\d)|(?<!\d)\d{8,}(?!\d)")
# Orders and houses that bear a title in their name.
_NO_PERSON = frozenset(
    "bosco hurtado kino hidalgo juana teresa orione guanella pro juniper de del la general infantil "
    "municipal parroquia "
    "iglesia cruz casa caritas albergue ayuntamiento the red town parish church city municipality".split()
)


def person_in(line: str, towns: Iterable[str]) -> str:
    """Tell whom a line names, or how to reach somebody; '' where nothing was recognised.

    Returns
    -------
    str         PERSON or CONTACT of `adapters.folder.privacy`.
    """
    if _LONG_NUMBER.search(line):
        return CONTACT
    known = {fold(town) for town in towns} | _NO_PERSON
    titled = any(fold(match["name"]) not in _NO_PERSON for match in _TITLED.finditer(line))
    called = any(fold(match["name"]) not in known for match in _CALLED.finditer(line))
    return PERSON if titled or called else ""
