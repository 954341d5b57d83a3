"""How many people, families or other things a sentence tells: digits, words, ranges, quantifiers.

A number is first read, then judged by what it counts: people and families are kept, and so is a number that
counts nothing named ("450 que", "organisers said 7,500") as `bare`; kilometres, years, ages, prices, buses,
police and parts of a crowd ("of them 1,200 children") are told apart and given as what they are, so that no
one takes them for its size.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from safepassage.adapters.news.lexicon import (
    FAMILY_NOUNS,
    OTHER_NOUNS,
    PART_NOUNS,
    PEOPLE_NOUNS,
    QUANTIFIERS,
    VAGUE,
)
from safepassage.core.gazetteer import fold

PEOPLE, FAMILIES, PART, OTHER, BARE = "people", "families", "part", "other", "bare"
_UNITS = {
    "es": (
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis "
        "diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco "
        "veintiseis veintisiete veintiocho veintinueve"
    ).split(),
    "en": (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen "
        "seventeen eighteen nineteen"
    ).split(),
}
_VALUES: dict[str, int] = {word: n for words in _UNITS.values() for n, word in enumerate(words)}
_VALUES |= {"un": 1, "una": 1, "a": 1, "an": 1}
_VALUES |= dict(
    zip("treinta cuarenta cincuenta sesenta setenta ochenta noventa".split(), range(30, 100, 10), strict=True)
)
_VALUES |= dict(
    zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True)
)
_VALUES |= dict(
    zip(
        "doscient trescient cuatrocient quinient seiscient setecient ochocient novecient".split(),
        range(200, 1000, 100),
        strict=True,
    )
)
_VALUES |= {"cien": 100, "ciento": 100}
_SCALES = {
    "hundred": 100,
    "thousand": 1000,
    "mil": 1000,
    "million": 10**6,
    "millon": 10**6,
    "millones": 10**6,
}
_SCALES |= {"thousands": 1000, "k": 1000}

_DIGITS = r"\d{1,3}(?:[.,\u202f' ]\d{3})+(?![.,]?\d)|\d+(?:[.,]\d+)?"
_SCALE_WORD = r"(?:\s?(?:mil(?:lones|lón)?|thousand|million)\b|k\b)"
_NUMBER_WORD = (
    r"(?:veinti\w+|dieci\w+|(?:dos|tres|cuatro|quin|seis|sete|ocho|nove)cient[oa]s|quinient[oa]s|cien(?:to)?|"
    r"mil|"
    r"un(?:a|o)?(?=\s+(?:mill|mil\b))|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|"
    r"catorce|quince|"
    r"veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|mill[oó]n(?:es)?|"
    r"an?(?=\s+(?:hundred|thousand|million))|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"(?:thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|"
    r"hundred|"
    r"thousand|million)"
)
_WORDS = rf"{_NUMBER_WORD}(?:(?:\s+(?:y|and)\s+|\s+|-){_NUMBER_WORD})*\b"
_ONE = rf"(?:{_DIGITS}){_SCALE_WORD}?(?:\s+\d{{1,3}}(?!\d))?|{_WORDS}"
_VAGUE = "|".join(VAGUE)
_NUMBER = re.compile(
    rf"(?<![\w$€£.,:/])(?:(?P<vague>{_VAGUE})\b|(?P<digits>(?:{_DIGITS}){_SCALE_WORD}?)|"
    rf"(?P<words>\b{_WORDS}))",
    re.I,
)
_TAIL = re.compile(r"\s(\d{1,3})(?![\d:%]|[.,]\d)(?=\s+[^\W\d_]|[.,;]|$)")
_JOIN = re.compile(r"\s*[-–—]\s*$|\s+(?:to|a|y|and|o|or)\s+$", re.I)
_BETWEEN = re.compile(r"(?:between|from|entre|de)\s+(?:los\s+|las\s+|unos\s+|unas\s+)?$", re.I)
_QUANTIFIER = re.compile(
    "(?:" + "|".join(f"(?P<q{n}>{words})" for n, (_, words) in enumerate(QUANTIFIERS)) + r")\s*$", re.I
)
_PREFIX = re.compile(
    r"(?:\b(?:the|los|las|el|la|other|otr[oa]s|another|an additional|sus|its|their)\s+)+$", re.I
)
_AFTER_MORE = re.compile(r"\s*(?:or more\b|o más\b|y pico\b|plus\b|\+)", re.I)
_OR_SO = re.compile(r"\s*(?:or so\b|aproximadamente\b|approximately\b|más o menos\b)", re.I)
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+|[%$€:;,.()]|\S")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CLOCK = re.compile(r"\s*(?:[:h.]\s?\d\d\b|(?:a|p)\.?\s?m\b|hrs?\b|horas\b|o['’]clock)", re.I)
# "men, women and children" together are no part of a crowd.
_EVERYBODY = re.compile(r",\s*(?:women|men|mujeres|hombres)\s*,?\s*(?:and|y|e)\s", re.I)
_OF_THEM = re.compile(r"\s+(?:of them|de ellos|de ellas|of these)\b", re.I)
_SKIPPED = frozenset("de of the los las sus their otros otras other more mas additional adicionales".split())
_STOPPERS = frozenset(
    "se that who which que quien quienes were was are have had has es son fue fueron han habia habian y "
    "and or "
    "o in "
    "ayer hoy anoche yesterday today already ya at by on as el la los las cuando when strong "
    "en to a al from desde with con for por para said dijo segun according".split()
)


@dataclass(frozen=True)
class Figure:
    """One number as it stands in a sentence.

    Parameters
    ----------
    start, end : int        where it stands, quantifier included.
    low, high : float or None       high None: "at least low".
    quantifier : str        one of `core.report.QUANTIFIERS`.
    counts : str            PEOPLE, FAMILIES, PART, OTHER or BARE.
    noun_end : int          where the noun that it counts ends; `end` where there is none.
    vague : bool            told in words such as "several hundred".
    more : bool             in addition to others ("another 400", "400 more").
    """

    start: int
    end: int
    low: float
    high: float | None
    quantifier: str
    counts: str
    noun_end: int
    vague: bool = False
    more: bool = False


@dataclass
class _Raw:
    start: int
    end: int
    low: float
    high: float
    vague: bool


def figures_in(text: str, language: str) -> list[Figure]:
    """Read every number of a sentence, ranges joined, each with what it counts."""
    raw = _joined(text, [r for m in _NUMBER.finditer(text) if (r := _read(text, m, language)) is not None])
    found: list[Figure] = []
    for number in raw:
        if found and number.start < found[-1].end:
            continue
        found.append(_figure(text, number))
    return found


def _read(text: str, match: re.Match[str], language: str) -> _Raw | None:
    if match["vague"]:
        low, high = VAGUE[_vague_key(match["vague"])]
        return _Raw(match.start(), match.end(), low, high, low < high)
    if match["words"]:
        value = _words_value(match["words"])
        if (
            (tail := _TAIL.match(text, match.end()))
            and value is not None
            and re.search(r"mil$", match["words"], re.I)
        ):
            return _Raw(match.start(), tail.end(), value + int(tail[1]), value + int(tail[1]), False)
        plain_article = fold(match["words"]) in {"un", "una", "a", "an", "one", "uno"}
        return (
            None if value is None or plain_article else _Raw(match.start(), match.end(), value, value, False)
        )
    value = digits_value(match["digits"], language)
    end = match.end()
    if re.search(r"\bmil$", match["digits"], re.I) and (tail := _TAIL.match(text, end)):
        value, end = value + int(tail[1]), tail.end()  # "3 mil 630"
    return _Raw(match.start(), end, value, value, False)


def _vague_key(words: str) -> str:
    folded = " ".join(words.casefold().split())
    return next(key for key in VAGUE if re.fullmatch(key, folded))


def digits_value(digits: str, language: str) -> float:
    """Read digits; a separator before exactly three digits is of thousands in both languages.

    >>> digits_value("7.233", "es"), digits_value("7,233", "en"), digits_value("1.5 million", "en")
    (7233.0, 7233.0, 1500000.0)
    """
    number = re.match(r"[\d.,'\u202f ]+", digits)
    plain = number[0].strip() if number else "0"
    scale_word = fold(digits[len(plain) :]).replace(" ", "")
    scale = _SCALES.get(scale_word, 1)
    if re.fullmatch(r"\d{1,3}(?:[.,' \u202f]\d{3})+", plain) and scale < 10**6:
        plain = re.sub(r"\D", "", plain)
    elif re.fullmatch(r"\d+[.,]\d+", plain):
        plain = plain.replace(",", ".")
    plain = re.sub(r"[^\d.]", "", plain)[:15]
    return float(plain or 0) * scale


def _words_value(words: str) -> float | None:
    total = part = 0.0
    for word in re.split(r"[\s-]+", fold(words)):
        if word in {"y", "and"}:
            continue
        if word in _SCALES:
            scale = _SCALES[word]
            if scale == 100:
                part = (part or 1) * 100
            else:
                total, part = total + (part or 1) * scale, 0.0
        else:
            value = _VALUES.get(word, _VALUES.get(re.sub(r"[oa]s$", "", word)))
            if value is None:
                return None
            part += value
    return total + part


def number_word(word: str) -> float | None:
    """Read one small number, in digits or as a word; None for "several" and the like."""
    return float(word) if word.isdigit() else _VALUES.get(fold(word))


def _joined(text: str, raw: list[_Raw]) -> list[_Raw]:
    """Join the two ends of a range."""
    found: list[_Raw] = []
    for number in raw:
        if found and _is_range(text, found[-1], number):
            first = found.pop()
            low = first.low
            if low < number.low / 100 and number.low >= 1000 and low < 1000:
                low *= 1000  # "4 a 5 mil"
            number = _Raw(first.start, number.end, low, number.high, first.vague or number.vague)
        found.append(number)
    return found


def _is_range(text: str, first: _Raw, second: _Raw) -> bool:
    gap = text[first.end : second.start]
    if not _JOIN.fullmatch(gap) or second.low <= first.low or first.low == 0:
        return False
    if _YEAR.fullmatch(text[first.start : first.end]) and " " in gap and re.search(r"[-–—]", gap):
        return False  # the end of a dateline: "Nov. 21, 2026 — Several thousand"
    dash_or_to = re.fullmatch(r"\s*[-–—]\s*|\s+(?:to|a|o|or)\s+", gap, re.I)
    return bool(dash_or_to) or bool(_BETWEEN.search(text[: first.start]))


def _figure(text: str, number: _Raw) -> Figure:
    start, quantifier = _quantified(text, number)
    end = number.end
    if more := _AFTER_MORE.match(text, end):
        quantifier, end = "at_least", more.end()
    elif so := _OR_SO.match(text, end):
        quantifier, end = "about", so.end()
    counts, noun_end, extra = _counted(text, number, end)
    low, high = number.low, number.high
    bound: float | None = high
    if low == high and quantifier in {"more_than", "at_least"}:
        bound = None
    elif low == high and quantifier in {"up_to", "fewer_than"}:
        low = 0.0
    more_people = extra or bool(re.search(r"\b(?:another|otr[oa]s)\s+$", text[:start], re.I))
    return Figure(start, end, low, bound, quantifier, counts, noun_end, number.vague, more_people)


def _quantified(text: str, number: _Raw) -> tuple[int, str]:
    before = text[max(0, number.start - 60) : number.start]
    offset = max(0, number.start - 60)
    between = _BETWEEN.search(before) if number.high > number.low else None
    if between:
        before = before[: between.start()]
    articles = _PREFIX.search(before)
    bare = before[: articles.start()] if articles else before
    for words in (before, bare):
        if found := _QUANTIFIER.search(words):
            name = next(k for k, v in found.groupdict().items() if v is not None)
            return offset + found.start(), QUANTIFIERS[int(name[1:])][0]
    return (offset + between.start() if between else number.start), ""


def _counted(text: str, number: _Raw, end: int) -> tuple[str, int, bool]:
    """Tell what a number counts by the words after it: the noun may stand behind adjectives."""
    if _is_no_count(text, number, end):
        return OTHER, end, False
    if those := _OF_THEM.match(text, end):
        nearby = fold(text[those.end() : those.end() + 12]).split()[:1]
        return (PART if nearby and nearby[0] in PART_NOUNS else BARE), end, False
    extra = False
    seen = 0
    for token in _TOKEN.finditer(text, end):
        word = fold(token[0])
        if not word or seen > 4:
            break
        if word in {"more", "mas"}:
            extra = True
        if kind := _noun_kind(word, text, token.end()):
            return kind, token.end(), extra
        if word in _STOPPERS:
            break
        if word not in _SKIPPED:
            seen += 1
            follows_adjective = token[0][0].isupper() or _is_adjective(word)
            if not follows_adjective:
                return (OTHER if seen == 1 and not _is_verb_like(word) else BARE), end, extra
    return BARE, end, extra


def _noun_kind(word: str, text: str, end: int) -> str:
    if word in PEOPLE_NOUNS or (word in PART_NOUNS and _EVERYBODY.match(text, end)):
        return PEOPLE
    if word in FAMILY_NOUNS:
        return FAMILIES
    if word in PART_NOUNS:
        return PART
    return OTHER if word in OTHER_NOUNS else ""


def _is_adjective(word: str) -> bool:
    return bool(
        re.search(
            r"(?:ed|ing|ern|an|ese|ish|al|ous|ful|less|istas?|[ae]ntes|ados|adas|idos|idas|anos|anas|ales)$",
            word,
        )
    )


def _is_verb_like(word: str) -> bool:
    return bool(
        re.search(
            r"(?:aron|ieron|aban|ian|ed|an|en|on|were|slept|left|walked|now|strong|ya|el|la|los|at|by|on|as|"
            r"cuando)$",
            word,
        )
    )


def _is_no_count(text: str, number: _Raw, end: int) -> bool:
    before, after = text[max(0, number.start - 14) : number.start], text[end : end + 22]
    if re.search(r"[$€£#]\s?$|\b(?:US|MX)\$\s?$", before) or re.match(
        r"\s?(?:%|por ciento|percent|per cent|º|°|ª)", after
    ):
        return True
    if _CLOCK.match(text, end) and number.high < 2400:
        return True
    if re.match(r"[/-]\d", text[end:]) or re.search(r"\d[/:.-]$", before):
        return True
    lone_year = (
        number.low == number.high
        and 1900 <= number.low <= 2100
        and _YEAR.fullmatch(text[number.start : number.end])
    )
    if lone_year and not _noun_follows(text, end):
        return True
    small_after_comma = number.high < 120 and re.match(r"\s*,|\s+(?:años|years?)\b|-year", text[end:])
    return bool(small_after_comma and re.search(r"[A-Za-zÁ-ú],\s*$", before))


def _noun_follows(text: str, end: int) -> bool:
    tokens = [fold(m[0]) for _, m in zip(range(3), _TOKEN.finditer(text, end), strict=False)]
    return any(word in PEOPLE_NOUNS or word in FAMILY_NOUNS for word in tokens)
