"""Which day a sentence speaks of, reckoned from the day it was published.

A weekday is the last such day up to the publication, or, for what is announced, the first from then on. A
day without a year is the last such day, or the next where it lies within two months ahead and is announced.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from safepassage.adapters.news.numbers import number_word
from safepassage.core.gazetteer import fold

# What a mention does: the day itself, the first day of a count, a time long gone, an unclear time ahead.
DAY, SINCE, PAST, AHEAD = "day", "since", "past", "ahead"
ANNOUNCED_DAYS = 60
_MONTHS_ES = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
)
_MONTHS_EN = "january february march april may june july august september october november december".split()
_MONTH_OF = {name: n for names in (_MONTHS_ES, _MONTHS_EN) for n, name in enumerate(names, start=1)}
_MONTH_OF |= {name[:3]: n for name, n in _MONTH_OF.items()} | {"sept": 9, "setiembre": 9}
_WEEKDAYS = {
    fold(name): n
    for names in (
        "lunes martes miércoles jueves viernes sábado domingo".split(),
        "monday tuesday wednesday thursday friday saturday sunday".split(),
    )
    for n, name in enumerate(names)
}
_MONTH = (
    r"(?:"
    + "|".join([*_MONTHS_ES, "setiembre", *(m.capitalize() for m in _MONTHS_EN)])
    + r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|ene|feb|abr|ago|sep|oct|nov|dic)\b\.?"
)
_WEEKDAY = (
    r"(?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bados?|domingo|Monday|Tuesday|Wednesday|Thursday|"
    r"Friday|Saturday|"
    r"Sunday)\b"
)
_YEAR = r"(?:,?\s+(?:del?\s+)?(?P<year>(?:19|20)\d\d)\b)?"
_COUNT = (
    r"(?P<count>\d{1,3}|un[oa]?|an?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|quince|one|two|"
    r"three|four|"
    r"five|six|seven|eight|nine|ten|twelve|several|varios|varias|algun[oa]s|a few|few|pocos|pocas)"
)
# "Santo Domingo" is a town.
_OF_A_NAME = re.compile(r"\b(?:Santo|Sto\.)\s$")
_SINCE = re.compile(r"\b(?:desde|since|a partir)\b[^,.;]{0,45}$", re.I)
_BEFORE = re.compile(
    r"(?:said|says|told|announced|added|reported|dijo|dijeron|inform[oóa]\w*|anunci\w+|se[ñn]al\w+|agreg\w+|"
    r"asamblea del?|asegur\w+|precis\w+|voted|votaron|warned|indic\w+)\s+(?:on\s+|el\s+|este\s+|late\s+)?$",
    re.I,
)


@dataclass(frozen=True)
class Mention:
    """One time told in a sentence.

    Parameters
    ----------
    start, end : int
    use : str           DAY, SINCE, PAST or AHEAD.
    day : date or None  None: no day can be told (PAST, AHEAD).
    ahead : date or None    the day where the sentence announces it.
    of_statement : bool     when something was said, not when it happened ("said on Monday").
    flag : str          what a reviewer should know; '' where the day is plain.
    since : date or None    first day, where one mention tells two ("entre el 15 y el 19 de octubre").
    """

    start: int
    end: int
    use: str
    day: date | None
    ahead: date | None = None
    of_statement: bool = False
    flag: str = ""
    since: date | None = None


_Reader = Callable[[re.Match[str], date], tuple[str, date | None, date | None, str, date | None]]


def dates_in(text: str, published: date) -> list[Mention]:
    """Read every time told in a sentence, in the order of the text; overlapping ones once."""
    found: list[Mention] = []
    for pattern, reader in _PATTERNS:
        for match in pattern.finditer(text):
            if _OF_A_NAME.search(text[max(0, match.start() - 7) : match.start()]) or any(
                match.start() < m.end and m.start < match.end() for m in found
            ):
                continue
            try:
                use, day, ahead, flag, since = reader(match, published)
            except (ValueError, OverflowError):
                continue  # the 31st of February, the year 0
            before = text[max(0, match.start() - 30) : match.start()]
            if use == DAY and since is None and _SINCE.search(before):
                use = SINCE
            of_statement = bool(_BEFORE.search(before))
            found.append(Mention(match.start(), match.end(), use, day, ahead, of_statement, flag, since))
    return sorted(found, key=lambda m: m.start)


def headline_date(text: str) -> date | None:
    """Give the first whole date, year included, in the head of an article; None where there is none."""
    head = text[:600]
    for pattern, reader in _PATTERNS[:3]:
        for match in pattern.finditer(head):
            if pattern is not _PATTERNS[0][0] and not match.groupdict().get("year"):
                continue
            try:
                _, day, _, flag, since = reader(match, date(2000, 1, 1))
            except (ValueError, OverflowError):
                continue
            if day and not flag and since is None and 1990 <= day.year <= 2100:
                return day
    return None


def _plain_day(day: date, flag: str = "") -> tuple[str, date, None, str, None]:
    return DAY, day, None, flag, None


def _numeric(match: re.Match[str], published: date) -> tuple[str, date | None, date | None, str, date | None]:
    if match["iso"]:
        return _plain_day(date.fromisoformat(match["iso"]))
    first, second, year = int(match["d1"]), int(match["d2"]), int(match["y"])
    year += 2000 if year < 100 else 0
    if first > 12:
        return _plain_day(date(year, second, first))
    if second > 12:
        return _plain_day(date(year, first, second))
    readings = {date(year, second, first), date(year, first, second)}
    near = min(readings, key=lambda d: (abs((published - d).days), d))
    return _plain_day(
        near, "" if len(readings) == 1 else "day and month may be swapped / día y mes pueden estar cambiados"
    )


def _day_range(
    match: re.Match[str], published: date
) -> tuple[str, date | None, date | None, str, date | None]:
    month = _month(match["month"] or match["month2"])
    last = _dated(match["day2"] or match["day4"], month, match["year"], published)[0]
    first_month = _month(match["month1"]) if match["month1"] else month
    first = date(last.year, first_month, int(match["day1"] or match["day3"]))
    return DAY, last, None, "", first


def _named_day(
    match: re.Match[str], published: date
) -> tuple[str, date | None, date | None, str, date | None]:
    groups = match.groupdict()
    month = _month(groups["month"] or groups["month2"])
    day, ahead = _dated(groups["day"] or groups["day2"], month, groups["year"], published)
    since = _SINCE.search(match.string[max(0, match.start() - 12) : match.start()])
    if (published - day).days > 120 and ahead is None and not since:
        return PAST, day, None, "", None
    return DAY, day, ahead, "", None


def _dated(day: str, month: int, year: str | None, published: date) -> tuple[date, date | None]:
    if year:
        return date(int(year), month, int(day)), None
    this = date(published.year, month, int(day))
    last = this if this <= published else date(published.year - 1, month, int(day))
    coming = this if this > published else date(published.year + 1, month, int(day))
    return last, coming if (coming - published).days <= ANNOUNCED_DAYS else None


def _month(name: str) -> int:
    word = fold(name)
    return _MONTH_OF.get(word) or _MONTH_OF[word[:3]]


def _weekday(match: re.Match[str], published: date) -> tuple[str, date | None, date | None, str, date | None]:
    wanted = _WEEKDAYS[
        fold(match["weekday"]).removesuffix("s")
        if fold(match["weekday"]) == "sabados"
        else fold(match["weekday"])
    ]
    back = (published.weekday() - wanted) % 7
    forth = (wanted - published.weekday()) % 7
    said = fold(match[0])
    if re.search(r"\b(?:next|proximo|que viene)\b", said):
        coming = published + timedelta(days=forth or 7)
        return DAY, coming, coming, "", None
    if back == 0 and re.search(r"\b(?:last|pasado)\b", said):
        back = 7
    return DAY, published - timedelta(days=back), published + timedelta(days=forth), "", None


def _days_off(days: int) -> _Reader:
    def reader(
        match: re.Match[str], published: date
    ) -> tuple[str, date | None, date | None, str, date | None]:
        day = published + timedelta(days=days)
        return DAY, day, day, "", None

    return reader


def _ago(match: re.Match[str], published: date) -> tuple[str, date | None, date | None, str, date | None]:
    number = number_word(match["count"])
    unit = fold(match["unit"])
    days = {"d": 1, "s": 7, "w": 7, "h": 0}.get(unit[0])
    if days is None or number is None:
        return (
            (PAST, None, None, "", None)
            if days is None
            else (DAY, published, None, "day only roughly told / día aproximado", None)
        )
    if number * days > 60:
        return PAST, None, None, "", None
    return (
        DAY,
        published - timedelta(days=int(number * days)),
        None,
        "day only roughly told / día aproximado" if days == 7 else "",
        None,
    )


def _window(match: re.Match[str], published: date) -> tuple[str, date | None, date | None, str, date | None]:
    number = number_word(match["count"]) if match["count"] else None
    unit = fold(match["unit"])
    days = {"h": 1 / 24, "d": 1, "s": 7, "w": 7}.get(unit[0])
    if days is None:
        return PAST, None, None, "", None
    if number is None:
        number = 1.0 if unit in {"hour", "day", "week", "semana", "dia", "hora"} else None
    if number is None:
        return SINCE, None, None, "", None
    return SINCE, published - timedelta(days=max(1, round(number * days))), None, "", None


def _last_week(
    match: re.Match[str], published: date
) -> tuple[str, date | None, date | None, str, date | None]:
    monday = published - timedelta(days=published.weekday() + 7)
    return DAY, monday + timedelta(days=6), None, "day only roughly told / día aproximado", monday


def _weekend(match: re.Match[str], published: date) -> tuple[str, date | None, date | None, str, date | None]:
    sunday = published - timedelta(days=(published.weekday() + 1) % 7)
    return DAY, sunday, None, "day only roughly told / día aproximado", sunday - timedelta(days=1)


def _past(match: re.Match[str], published: date) -> tuple[str, date | None, date | None, str, date | None]:
    year, month = match.groupdict().get("year"), match.groupdict().get("month")
    if year and int(year) == published.year and not month:
        return SINCE, None, None, "", None
    if month and (not year or int(year) == published.year) and _month(month) == published.month:
        return SINCE, None, None, "", None
    return PAST, None, None, "", None


def _somewhen(
    match: re.Match[str], published: date
) -> tuple[str, date | None, date | None, str, date | None]:
    return AHEAD, None, None, "", None


def _compiled(words: str) -> re.Pattern[str]:
    return re.compile(words, re.I)


_PATTERNS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (
        _compiled(
            r"\b(?P<iso>\d{4}-\d\d-\d\d)\b|"
            r"\b(?P<d1>\d{1,2})[/.-](?P<d2>\d{1,2})[/.-](?P<y>(?:20)?\d\d)\b(?![/\d]|\.\d)"
        ),
        _numeric,
    ),
    (
        _compiled(
            rf"\b(?:entre\s+|between\s+|from\s+|del\s+)?(?:el\s+|"
            rf"los\s+d[ií]as\s+)?(?:(?P<day1>\d{{1,2}})(?:\s+de\s+"
            rf"(?P<month1>{_MONTH}))?\s*(?:y|al|a|-|"
            rf"–)\s*(?:el\s+)?(?P<day2>\d{{1,2}})\s+(?:de\s+)?(?P<month>{_MONTH})"
            rf"|(?P<month2>{_MONTH})\s+(?P<day3>\d{{1,2}})\s*(?:-|–|to|and)\s*(?P<day4>\d{{1,2}})\b(?!\d|"
            rf",\d)){_YEAR}"
        ),
        _day_range,
    ),
    (
        _compiled(
            rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|º|ro)?\s+(?:de\s+|of\s+)?(?P<month>{_MONTH})"
            rf"|(?P<month2>{_MONTH})\s+(?:the\s+)?(?P<day2>\d{{1,2}})(?:st|nd|rd|"
            rf"th)?\b(?![.,]?\d{{3}}\b)){_YEAR}"
        ),
        _named_day,
    ),
    (_compiled(r"\b(?:anteayer|antier|antes de ayer|the day before yesterday)\b"), _days_off(-2)),
    (_compiled(r"\b(?:ayer|anoche|yesterday|last night|la v[ií]spera)\b"), _days_off(-1)),
    (_compiled(r"\b(?:pasado mañana|the day after tomorrow)\b"), _days_off(2)),
    (
        _compiled(r"(?<!\bla )(?<!\besta )(?<!\bpor )(?<!\bde )\bmañana\b|\bde mañana\b|\btomorrow\b"),
        _days_off(1),
    ),
    (
        _compiled(
            r"\b(?:hoy|today|tonight|this (?:morning|afternoon|evening)|esta (?:mañana|tarde|noche|"
            r"madrugada)|overnight)\b"
        ),
        _days_off(0),
    ),
    (
        _compiled(
            rf"\b(?:next |last |pr[oó]ximo |pasado )?(?P<weekday>{_WEEKDAY})(?: pasado| pr[oó]ximo| que "
            rf"viene)?"
        ),
        _weekday,
    ),
    (
        _compiled(rf"\bhace(?: ya)? {_COUNT} (?P<unit>d[ií]as?|semanas?|mes(?:es)?|años?|horas?)\b"),
        _ago,
    ),
    (_compiled(rf"\b{_COUNT} (?P<unit>days?|weeks?|months?|years?|hours?) (?:ago|earlier)\b"), _ago),
    (
        _compiled(
            rf"\b(?:(?:in|over|during|within|for) )?the (?:past|last|previous) (?:{_COUNT} )?(?P<unit>hours?|"
            rf"days|weeks?|months?|"
            rf"years?|decades?)\b"
        ),
        _window,
    ),
    (
        _compiled(
            rf"\b(?:en|durante|de) l[oa]s [uú]ltim[oa]s (?:{_COUNT} )?(?P<unit>horas|d[ií]as|semanas|meses|"
            rf"años|d[eé]cadas)\b"
        ),
        _window,
    ),
    (
        _compiled(
            r"\b(?:(?:at|over|on|during) the weekend|last weekend|(?:en |durante )?el fin de semana)\b"
        ),
        _weekend,
    ),
    (_compiled(r"\b(?:last week|la semana pasada|the previous week)\b"), _last_week),
    (
        _compiled(
            r"\b(?:last (?:year|month|spring|summer|autumn|fall|winter)|(?:el )?(?:año|mes) pasado|(?:la "
            r")?primavera pasada|"
            r"(?:el )?(?:verano|otoño|invierno) pasado|years? before|decades?|historically|hist[oó]ricamente|"
            r"(?:a|per|each|"
            r"every) (?:year|month)|(?:al|cada|por) (?:año|mes)|anualmente|annually|en el pasado)\b"
        ),
        _past,
    ),
    (
        _compiled(
            rf"\b(?:in|en|since|desde|de|of|during|durante)(?: early| late| mid| principios de| finales "
            rf"de)?[ -](?P<month>{_MONTH})(?: pasado)?"
            rf"(?:\s+(?:del?\s+)?(?P<year>(?:19|20)\d\d)\b)?"
        ),
        _past,
    ),
    (
        _compiled(
            r"\b(?:in|en|since|desde|de|of|del|during|durante)(?: early| late| mid)?(?: el año)? "
            r"(?P<year>(?:19|20)\d\d)\b(?! (?:migrant|person|people))"
        ),
        _past,
    ),
    (
        _compiled(
            r"\b(?:in the (?:coming|next) (?:\w+ )?(?:days|weeks|months)|within (?:\w+ )?(?:days|weeks|"
            r"months)|en (?:los|las) "
            r"pr[oó]xim[oa]s (?:\w+ )?(?:d[ií]as|semanas|meses)|eventually|ultimately|alg[uú]n d[ií]a)\b"
        ),
        _somewhen,
    ),
)
