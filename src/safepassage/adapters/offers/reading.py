"""One line to what was understood of it, and what was not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from safepassage.adapters.folder.privacy import EXPECTED, MENDS, personal_in
from safepassage.adapters.logistics.names import person_in
from safepassage.adapters.logistics.vocabulary import Catalogue, catalogue
from safepassage.adapters.offers.days import DAY_WORDS, Days, days_in
from safepassage.adapters.offers.goods import WANTED, Goods, LoadReader, Offered
from safepassage.adapters.offers.hours import HOUR_WORDS, hours_in
from safepassage.adapters.offers.nouns import FILLERS
from safepassage.adapters.offers.numbers import NUMBER_WORDS
from safepassage.adapters.offers.tokens import Words, split
from safepassage.adapters.offers.whose import HOLDER_WORDS, VERBS, Holder, Towns, holder_in
from safepassage.core.errors import Fault, InputError
from safepassage.core.network import Places

FILE = "offer"
MOST_LETTERS = 1000
# Words that say nothing of what, how much, where and when.
_SILENT = frozenset(
    "a an d the un una el la los las lo le les y and e o or de del of en in on at for para por con with to "
    "al que "
    "we us our nuestro nuestra nuestros nuestras tenemos have has hay is are be will can could also "
    "ademas tambien mas "
    "plus please gracias thanks favor ok va van vamos se su sus their its this that este esta estos they "
    "it as "
    "aproximadamente about approx unos unas cada uno each gratis free disponible disponibles available "
    "total hola "
    "ofrece ofrecemos puede podemos pueden dar lleva llevar llevamos bring give send ready listo listos "
    "lista listas "
    "next all only solo sin no without vehiculo vehiculos vehicle vehicles propio propia own".split()
)
_HEADING = HOLDER_WORDS | DAY_WORDS | HOUR_WORDS | NUMBER_WORDS
_NO_GOODS = _SILENT | _HEADING
_MARKS = frozenset(",.;:!?()[]\"'“”¡¿-–—/+&*…")


@dataclass(frozen=True)
class Understood:
    """What a line offers.

    Parameters
    ----------
    line : str
    holder : str            who offers, as written.
    place : int             position in `Places`; -1: none was told.
    several : tuple of str  ids, where a name belongs to several places.
    goods : tuple of Goods
    daily : tuple of bool   for each good: so much again every day.
    vehicles : tuple of Offered
    since, until : date or None     None: not told.
    hours : (float, float) or None  first and last hour of the day.
    unknown : tuple of str  words that were not understood.
    remarks : tuple of str  what was read in a way worth a look, and what has to be asked; Spanish / English.
    """

    line: str
    holder: str
    place: int
    several: tuple[str, ...]
    goods: tuple[Goods, ...]
    daily: tuple[bool, ...]
    vehicles: tuple[Offered, ...]
    since: date | None
    until: date | None
    hours: tuple[float, float] | None
    unknown: tuple[str, ...]
    remarks: tuple[str, ...]


def read_line(line: str, places: Places, as_of: date, *, known: Catalogue | None = None) -> Understood:
    """Read an offer.

    Parameters
    ----------
    line : str          "parish of Huixtla, 800 meals and 2,000 L water, one pickup, tomorrow 6 to 14 h".
    places : Places     of the network.
    as_of : date        the day on which it is said: "tomorrow" is the day after.

    Raises
    ------
    InputError          if it is empty or too long, if it names a person, a way to reach one or an address, or
                        a day that does not exist.
    """
    known = known or catalogue()
    _check(line, places)
    towns = Towns(places)
    words = split(line, _vocabulary(known), towns.words, _HEADING)
    in_names = {k for town in towns.all_in(words, range(len(words.tokens))) for k in town.tokens}
    words.used |= in_names  # "Santo Domingo" is no Sunday
    hours = hours_in(words)
    days = _days(words, as_of)
    words.used -= in_names
    reader = LoadReader(words, known, _NO_GOODS | towns.words)
    reader.numbered()
    first = reader.first_token if reader.first_token >= 0 else len(words.tokens)
    holder = holder_in(words, towns, goods_at=first)
    reader.unnumbered()
    load = reader.load()
    place, several = _place(holder, places)
    return Understood(
        line=line.strip(),
        holder=holder.name,
        place=place,
        several=several,
        goods=load.goods,
        daily=_daily(load.goods, days, known),
        vehicles=load.vehicles,
        since=days.since,
        until=days.until,
        hours=hours,
        unknown=_unknown(words),
        remarks=(*_remarks(words, holder, places), *load.asked),
    )


def goods_in(text: str, known: Catalogue) -> tuple[tuple[Goods, ...], tuple[str, ...], tuple[str, ...]]:
    """Read the goods of words that name nobody and no town.

    Returns
    -------
    tuple of Goods, tuple of str, tuple of str      what was read, has to be asked, and was not understood.
    """
    words = split(text, _vocabulary(known), frozenset(), _HEADING)
    reader = LoadReader(words, known, _NO_GOODS)
    reader.numbered()
    load = reader.load()
    return load.goods, load.asked, _unknown(words)


def _check(line: str, places: Places) -> None:
    text = line.strip()
    if not text or len(text) > MOST_LETTERS or not text.isprintable():
        found = f"{len(text)} letters" if text.isprintable() else "letters that cannot be printed"
        raise InputError(Fault(FILE, found, f"one line of 1 to {MOST_LETTERS} letters", "write it again"))
    problem = personal_in(text) or person_in(text, places.names)
    if problem:
        raise InputError(Fault(FILE, problem, EXPECTED, MENDS[problem]))


def _days(words: Words, as_of: date) -> Days:
    try:
        return days_in(words, as_of)
    except (ValueError, OverflowError) as error:
        mend = "write it as 24/10/2018"
        raise InputError(Fault(FILE, "a day that does not exist", "a day of the calendar", mend)) from error


@cache
def _vocabulary(known: Catalogue) -> frozenset[str]:
    phrases = (*known.item_words, *known.unit_words, *known.vehicle_words)
    words = {word for phrase in phrases for word in phrase.split()}
    return frozenset(words | DAY_WORDS | HOUR_WORDS | NUMBER_WORDS | HOLDER_WORDS | FILLERS | _SILENT)


def _daily(goods: tuple[Goods, ...], days: Days, known: Catalogue) -> tuple[bool, ...]:
    """Tell which goods are there anew every day; "al día" behind one good speaks of all of that item."""
    marked = {good.item for good in goods for mark in days.daily_at if good.end <= mark <= good.end + 1}
    return tuple(_is_daily(good, days, known, marked) for good in goods)


def _is_daily(good: Goods, days: Days, known: Catalogue, marked: set[str]) -> bool:
    """Places to sleep and staff are there every day; else what is said of the line or of this item."""
    if known.by_id[good.item].stays or (good.implied and good.item != "water"):
        return True
    return days.daily or good.item in marked


def _place(holder: Holder, places: Places) -> tuple[int, tuple[str, ...]]:
    if holder.town is None:
        return -1, ()
    if len(holder.town.places) > 1:
        return -1, tuple(places.ids[place] for place in holder.town.places)
    return holder.town.places[0], ()


def _unknown(words: Words) -> tuple[str, ...]:
    """Give the words nothing was made of, those that stand together as one."""
    found: list[list[int]] = []
    for k, token in enumerate(words.tokens):
        if k in words.used or token.word in _SILENT | VERBS | WANTED or token.text in _MARKS:
            continue
        if found and found[-1][-1] == k - 1:
            found[-1].append(k)
        else:
            found.append([k])
    return tuple(words.text(range(group[0], group[-1] + 1)) for group in found)


def _remarks(words: Words, holder: Holder, places: Places) -> tuple[str, ...]:
    told = [f"“{was}” se leyó / was read as “{read}”" for was, read in words.mended]
    if holder.town is not None and holder.town.near and len(holder.town.places) == 1:
        name = places.names[holder.town.places[0]]
        told.append(f"“{words.text(holder.town.tokens)}” se leyó / was read as “{name}”")
    if holder.towns:
        names = ", ".join(holder.towns)
        told.append(f"varios lugares: se tomó uno / several places, one is taken: {names}")
    told += [
        f"para {name}: el destino lo decide el plan, no la oferta / the plan decides where goods go, not "
        f"the offer"
        for name in holder.towards
    ]
    return tuple(told)
