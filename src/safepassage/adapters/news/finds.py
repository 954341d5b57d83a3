"""What one sentence reports: kind, place, day, figure, segment and source put together, clause by clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from safepassage.adapters.news import dates
from safepassage.adapters.news.cues import (
    DISPLACED,
    ONE_SHELTER,
    OTHERS,
    POLL,
    SHELTER,
    SO_FAR,
    SUBJECT,
    WINDOW,
)
from safepassage.adapters.news.dates import Mention, dates_in
from safepassage.adapters.news.kinds import (
    BREAKING,
    Clause,
    Cue,
    clauses_of,
    cues_in,
    hour_in,
    is_supposed,
    segment_of,
)
from safepassage.adapters.news.names import PlaceNames
from safepassage.adapters.news.numbers import BARE, FAMILIES, PEOPLE, Figure, figures_in
from safepassage.adapters.news.places import (
    AREA,
    AT,
    FROM,
    GOAL,
    NAMED,
    OF,
    ORGANISATION,
    TOWARD,
    Named,
    Surroundings,
    places_in,
)
from safepassage.adapters.news.sources import Source, actors_in, sources_in
from safepassage.core.network import sphere_km

_AUTHORITY_KINDS = frozenset(
    "transport_offered transport_withdrawn shelter_opened shelter_closed closure reopening".split()
)
_PLACELESS = frozenset(("claims", "returns", "detentions"))
_ANNOUNCED = frozenset(
    ("next_stop", "transport_offered", "shelter_opened", "shelter_closed", "closure", "reopening")
)
# A bare number ("organisers spoke of 7,500") is a size only from here on.
_SMALLEST_BARE = 25
_STANDS_FOR_KM = 40.0
_LARGEST_CROWD = 20_000_000
_TOWN_HALL = re.compile(
    r"\b(?:protecci[oó]n civil(?: municipal)?|alcald\w+|ayuntamiento|municipal\w*|mayor|town hall|city hall|"
    r"gobierno municipal|"
    r"polic[ií]a municipal|bomberos)(?: de| of)\s+$",
    re.I,
)
_ROOM = re.compile(r"\b(?:capaci\w+),? (?:que|which|of|de)\b[^.;]{0,14}$", re.I)
# People whom somebody treated or fed are a part of those who are there.
_SERVED = re.compile(
    r"\b(?:treated|vaccinated|screened|fed|served|rescued|atendi\w+|vacun\w+|aliment\w+|revis\w+|rescat\w+|"
    r"transport\w+|carrying)"
    r"(?: to| a)?\s*$",
    re.I,
)
_OFFICE = re.compile(r"\b(?:polic|police|agents?|agentes|officers)", re.I)


@dataclass(frozen=True)
class Setting:
    """What holds for a whole article.

    Parameters
    ----------
    names : PlaceNames
    around : Surroundings
    published : date
    of_caravan : bool       people who move as one body, rather than camps and displacement.
    """

    names: PlaceNames
    around: Surroundings
    published: date
    of_caravan: bool


@dataclass(frozen=True)
class Find:
    """One thing that a sentence reports; fields as in `core.report.Report`."""

    kind: str
    place: int
    day: date
    low: float | None = None
    high: float | None = None
    quantifier: str = ""
    segment: str = "main"
    source_kind: str = "press"
    to_place: int = -1
    unit: str = "people"
    since: date | None = None
    hour: int | None = None
    confidence: float = 0.9
    flags: tuple[str, ...] = ()
    vague: bool = False
    day_assumed: bool = False


# A town named that the network lacks: its name, the nearest place of the network, km to it.
Missing = tuple[str, int, float]


@dataclass(frozen=True)
class _Sentence:
    """A sentence taken apart."""

    text: str
    setting: Setting
    places: tuple[Named, ...]
    days: tuple[Mention, ...]
    sources: tuple[Source, ...]
    clauses: tuple[Clause, ...]
    last_place: int
    missing: list[Missing]


def finds_in(
    text: str, setting: Setting, language: str, last_place: int = -1
) -> tuple[list[Find], list[Missing]]:
    """Give what a sentence reports, and the towns it names that the network lacks.

    Parameters
    ----------
    text : str              one sentence.
    setting : Setting
    language : str          "es" or "en".
    last_place : int        where the article last placed people; -1 where it has not.
    """
    figures = figures_in(text, language)
    cues = cues_in(text)
    if not (cues or any(f.counts in (PEOPLE, FAMILIES, BARE) for f in figures)):
        return [], []
    places = tuple(places_in(text, setting.names, setting.around))
    days = tuple(dates_in(text, setting.published))
    missing: list[Missing] = []
    if _is_history(days):
        return [], missing
    sentence = _Sentence(
        text,
        setting,
        places,
        days,
        tuple(sources_in(text)),
        tuple(clauses_of(text, cues, [f for f in figures if _is_size(text, f, places, cues)])),
        last_place,
        missing,
    )
    found: list[Find] = []
    for clause in _merged(sentence):
        found += _finds(sentence, clause, found)
    return found, missing


def dateline_place(dateline: str, setting: Setting, default: int) -> int:
    """Give the network's place where an article was written; `default` where it has none."""
    found = places_in(dateline.title() if dateline.isupper() else dateline, setting.names, setting.around)
    return next((p.place for p in found if p.place >= 0), default)


def _is_history(days: Sequence[Mention]) -> bool:
    return any(d.use == dates.PAST for d in days) and not any(d.use == dates.DAY for d in days)


def _is_size(text: str, figure: Figure, places: Sequence[Named], cues: Sequence[Cue]) -> bool:
    """Tell numbers that can be the size of something; parts, prices and populations are none."""
    if any(p.start < figure.end and figure.start < p.end for p in places) or figure.low > _LARGEST_CROWD:
        return False
    if _SERVED.search(text[max(0, figure.start - 25) : figure.start]):
        return False
    if _ROOM.search(text[max(0, figure.start - 45) : figure.start]):
        return False
    near = re.split(r"[,;]\s", text[max(0, figure.start - 30) : figure.start])[-1]
    if POLL.search(near + re.split(r"[,;]\s", text[figure.start : figure.noun_end + 15])[0]):
        return False
    if figure.counts in (PEOPLE, FAMILIES):
        return not _is_part(text, figure)
    return (
        figure.counts == BARE
        and figure.low + (figure.high or 0) >= _SMALLEST_BARE
        and _told_as_size(text, figure, cues)
    )


def _is_part(text: str, figure: Figure) -> bool:
    before = text[max(0, figure.start - 40) : figure.start]
    return bool(
        re.search(
            r"\b(?:de l[oa]s cuales|of whom|of them|entre (?:ellos|ellas)|among them|including|incluid[oa]s|"
            r"incluyendo)[^.;]{0,20}$",
            before,
            re.I,
        )
    )


def _told_as_size(text: str, figure: Figure, cues: Sequence[Cue]) -> bool:
    """Tell a number without a noun that stands for people from any other."""
    before, after = text[max(0, figure.start - 60) : figure.start], text[figure.end : figure.end + 40]
    if re.match(r"\s+(?:by|seg[uú]n|according)\b", after) and re.search(r"(?:\bat|\ben|,)\s*$", before):
        return True
    if re.match(
        r"\s*(?:of them\b|de ellos|that\b|que\b|who\b|los que|l[oa]s (?:integrantes|migrantes|personas|que)|"
        r"strong\b|had\b|were\b|have\b|people|other)",
        after,
        re.I,
    ):
        return True
    if any(
        0 <= c.start - figure.end <= 25 and not re.search(r"[,.;]", text[figure.end : c.start]) for c in cues
    ):
        return True
    if figure.quantifier and re.match(
        r"\s*(?:,|\.|;|$|en\b|in\b|ayer|hoy|yesterday|today|according|seg[uú]n)", after
    ):
        return True
    return bool(
        re.search(
            r"(?:\b(?:son|eran|suman|sumaban|number\w*(?: at)?|cifra(?: en| de)?|cifr[oó] en|count\w*|"
            r"cont[oó]|contaron|contabiliz\w+|"
            r"calcul\w+(?: en)?|estim\w+(?: en| at)?|habl(?:a|an|ó|aron) de|spoke of|speaks? of|put it at|"
            r"puts it at|total of|total de|"
            r"grupo de|group of|caravan(?:a)? of|caravana de|dij\w+ que son|said|say|says|(?:to|a|hasta) "
            r")\s*(?:ya )?|[Tt]he \w+,? of\s+|"
            r"\b(?:the|las?|los?|el)\s+[\w ]{3,30}\s(?:of|de|en)\s+)$",
            before,
            re.I,
        )
    )


def _merged(sentence: _Sentence) -> list[Clause]:
    """Join a clause that has a number but no place with the next that has a place but no number, or the reverse."""
    merged: list[Clause] = []
    for clause in sentence.clauses:
        if merged and _complete_each_other(sentence, merged[-1], clause):
            first = merged.pop()
            clause = Clause(
                first.start,
                clause.end,
                first.cues + clause.cues,
                first.figures + clause.figures,
                first.after_semicolon,
            )
        merged.append(clause)
    return merged


def _complete_each_other(sentence: _Sentence, first: Clause, second: Clause) -> bool:
    if bool(first.figures) == bool(second.figures) or {c.kind for c in first.cues + second.cues} & BREAKING:
        return False
    with_figure, other = (first, second) if first.figures else (second, first)
    lone = not _candidates(sentence, with_figure, (AT, GOAL, OF, NAMED, FROM)) and not any(
        c.kind in BREAKING for c in with_figure.cues
    )
    return lone and bool(_candidates(sentence, other, (AT, GOAL, OF, NAMED)))


def _candidates(sentence: _Sentence, clause: Clause, roles: Sequence[str]) -> list[Named]:
    return [
        p
        for p in sentence.places
        if clause.start <= p.start < clause.end and p.role in roles and (p.place >= 0 or p.town is not None)
    ]


def _finds(sentence: _Sentence, clause: Clause, before: Sequence[Find]) -> list[Find]:
    figure = clause.figures[0] if clause.figures else None
    if figure and is_supposed(sentence.text, figure):
        figure = None
        if not any(c.kind == "next_stop" and c.as_fact for c in clause.cues):
            return []
    if figure is None:
        kinds = {c.kind: c for c in reversed(clause.cues)}
        return [f for c in kinds.values() if (f := _find(sentence, clause, None, c, before))][:3]
    cue = _cue_of(clause, figure)
    found = [f for f in (_find(sentence, clause, figure, cue, before),) if f]
    extra = [c for c in clause.cues if c is not cue and c.kind in _AUTHORITY_KINDS | {"next_stop"}]
    found += [f for c in extra[:2] if (f := _find(sentence, clause, None, c, before))]
    return (
        found
        + [f for c in clause.cues if c is not cue and (f := _where_they_stayed(sentence, clause, c))][:1]
    )


def _where_they_stayed(sentence: _Sentence, clause: Clause, cue: Cue) -> Find | None:
    """Read "left for Huehuetán, where it spent the night": they were at the place named last."""
    lead = sentence.text[max(clause.start, cue.start - 25) : cue.start]
    if (
        cue.kind not in {"stay", "arrive"}
        or not cue.as_fact
        or not re.search(r"\b(?:donde|where)\b[^.;]*$", lead, re.I)
    ):
        return None
    named = [
        p for p in sentence.places if p.place >= 0 and p.end <= cue.start and p.role in (TOWARD, GOAL, AT)
    ]
    if not named or not sentence.setting.of_caravan:
        return None
    days = [d for d in sentence.days if d.use == dates.DAY and d.start > cue.start and d.day]
    if not days or days[0].day is None or days[0].day > sentence.setting.published:
        return None
    if any(f for f in clause.figures if f.start > cue.start) or named[-1].role != TOWARD:
        return None
    return Find("position", named[-1].place, days[0].day, confidence=0.8)


def _cue_of(clause: Clause, figure: Figure) -> Cue | None:
    """Give the cue that a number belongs to: near, not in passing, one that can bear a count."""
    able = [c for c in clause.cues if c.kind not in _AUTHORITY_KINDS | {"next_stop", "incident"}]
    if not able:
        return None

    def distance(cue: Cue) -> float:
        gap = cue.start - figure.noun_end if cue.start >= figure.noun_end else figure.start - cue.end + 8
        return gap + 60 * cue.aside - 40 * (cue.kind in _PLACELESS)

    return min(able, key=distance)


def _find(
    sentence: _Sentence, clause: Clause, figure: Figure | None, cue: Cue | None, before: Sequence[Find]
) -> Find | None:
    """Put one find together; None where it is denied, incomplete or nothing to report."""
    if cue is not None and not cue.as_fact:
        return None
    if figure is None and (cue is None or not _tells_alone(sentence, clause, cue)):
        return None
    kind = _kind_of(sentence, clause, figure, cue, before)
    if not kind or (kind == "departures" and figure is None and not sentence.setting.of_caravan):
        return None
    at = cue.start if cue else figure.start if figure else clause.start
    find = Find(kind, -1, sentence.setting.published)
    placed = _placed(sentence, clause, find, at, before)
    if placed is None:
        return None
    dated = _dated(sentence, clause, placed, at)
    if dated is None:
        return None
    return _finished(sentence, clause, dated, figure, cue)


def _tells_alone(sentence: _Sentence, clause: Clause, cue: Cue) -> bool:
    """Tell whether a cue is news without a number: a caravan arrives; a camp that "houses" nobody counted is none."""
    if cue.kind in _AUTHORITY_KINDS:
        return True
    if cue.kind == "incident":
        return bool(SUBJECT.search(sentence.text)) and bool(_candidates(sentence, clause, (AT, GOAL, OF)))
    if cue.kind in _PLACELESS | {"house", "crossing"} or not sentence.setting.of_caravan:
        return False
    if not SUBJECT.search(sentence.text):
        begins = bool(re.match(r"(?:it|they)\b", sentence.text[clause.start : clause.end].strip(), re.I))
        return begins or (
            cue.kind == "next_stop" and bool(re.search(r"[aá]n?\b|[ie]ron\b", cue_text(sentence.text, cue)))
        )
    return not cue.aside


def cue_text(text: str, cue: Cue) -> str:
    """Give the words of a cue."""
    return text[cue.start : cue.end]


def _kind_of(
    sentence: _Sentence, clause: Clause, figure: Figure | None, cue: Cue | None, before: Sequence[Find]
) -> str:
    if cue is None:
        return _kind_without_cue(sentence, clause, before)
    if cue.kind in BREAKING | {"incident"}:
        return cue.kind
    words = sentence.text[clause.start : clause.end]
    if cue.kind == "leave":
        onward = re.match(
            r"\s+(?:\w+\s+)?(?:into|to|across|a|hacia)\b", sentence.text[cue.end : cue.end + 30]
        )
        goals = (GOAL, AT) if onward else (GOAL,)
        fled_here = _candidates(sentence, clause, goals) and not _candidates(sentence, clause, (FROM,))
        return "departures" if not fled_here else "position" if sentence.setting.of_caravan else "arrivals"
    if cue.kind == "house":
        return "stock" if figure else ""
    if cue.kind == "crossing":
        return _crossing_or_position(sentence, clause, figure)
    if cue.kind == "arrive":
        flow = figure is not None and (
            not sentence.setting.of_caravan
            or figure.more
            or bool(SHELTER.search(words))
            or bool(_FLOW.search(words))
        )
        return "arrivals" if flow else "position"
    sheltered = figure is not None and bool(ONE_SHELTER.search(words)) and bool(_STAYING.search(words))
    return "stock" if sheltered or (figure is not None and not sentence.setting.of_caravan) else "position"


_FLOW = re.compile(
    r"\b(?:so far|as of|since|desde (?:el|hace)|in the (?:past|last)|en l[oa]s [uú]ltim[oa]s|daily|diari\w+|"
    r"every day|a day|cada d[ií]a|"
    r"per day|al d[ií]a|had arrived|han llegado|hab[ií]an llegado|new arrivals|nuevas llegadas)\b",
    re.I,
)
_STAYING = re.compile(
    r"\b(?:stay\w*|remain\w*|permanec\w+|amaneci\w+|living|se encuentra\w*|(?:was|were|are) (?:still )?(?:in|"
    r"at)|est[aá]\w* en)\b",
    re.I,
)


def _kind_without_cue(sentence: _Sentence, clause: Clause, before: Sequence[Find]) -> str:
    if sentence.setting.of_caravan and ONE_SHELTER.search(sentence.text[clause.start : clause.end]):
        return "stock"
    if clause.figures and clause.figures[0].counts == BARE and before and before[-1].kind in _PLACELESS:
        return ""
    if any(c.kind == "incident" for c in clause.cues):
        return "incident"
    if before and before[-1].kind not in _AUTHORITY_KINDS | {"next_stop", "incident"}:
        return before[-1].kind
    if sentence.setting.of_caravan:
        return "position"
    return "stock" if DISPLACED.search(sentence.text) or sentence.places else ""


def _crossing_or_position(sentence: _Sentence, clause: Clause, figure: Figure | None) -> str:
    """Tell a border crossed, which is counted, from a town entered."""
    own = _candidates(sentence, clause, (AT, GOAL, OF, NAMED)) or _candidates(
        sentence, replace(clause, start=0, end=len(sentence.text)), (AT, GOAL, OF, NAMED)
    )
    into_country = any(p.role == AREA for p in sentence.places)
    border = any(
        p.place >= 0 and sentence.setting.names.places.kinds[p.place] == "border_crossing" for p in own
    )
    if figure is not None and (border or not own) and (into_country or border):
        return "crossings"
    return "position" if own else ""


def _placed(sentence: _Sentence, clause: Clause, find: Find, at: int, before: Sequence[Find]) -> Find | None:
    """Give the find with its places; None where its kind needs one and there is none."""
    kind = find.kind
    if kind in _PLACELESS:
        return find
    whole = replace(clause, start=0, end=len(sentence.text))
    if kind == "next_stop":
        return _with_place(
            sentence,
            find,
            _nearest(_after(_candidates(sentence, clause, (TOWARD, GOAL)), at), at)
            or _nearest(_after(_candidates(sentence, clause, (AT, NAMED)), at), at),
        )
    if kind in ("transport_offered", "transport_withdrawn"):
        return _transport_placed(
            sentence, find, clause if _candidates(sentence, clause, (AT, FROM, GOAL, TOWARD)) else whole
        )
    if kind == "departures":
        start = _nearest(_candidates(sentence, clause, (FROM,)), at)
        if start is None and clause.figures:
            start = _nearest(_candidates(sentence, clause, (AT, NAMED, OF)), at)
        toward = _nearest(_candidates(sentence, clause, (TOWARD,)), at)
        moved = find if toward is None or toward.place < 0 else replace(find, to_place=toward.place)
        return _with_place(sentence, moved, start)
    for scope, roles in (
        (clause, (AT, GOAL)),
        (clause, (OF, NAMED)),
        (whole, (AT, GOAL)),
        (whole, (OF, NAMED)),
    ):
        if chosen := _nearest(_candidates(sentence, scope, roles), at):
            return _with_place(sentence, find, chosen, elsewhere=scope is whole)
    if chosen := _of_authority(sentence, whole, find, at):
        flag = "the place is that of the authority named / el lugar es el de la autoridad citada"
        placed = _with_place(sentence, find, chosen, elsewhere=True)
        return None if placed is None else replace(placed, flags=(*placed.flags, flag))
    if kind in _AUTHORITY_KINDS and (chosen := _nearest(_candidates(sentence, whole, (ORGANISATION,)), at)):
        return _with_place(sentence, find, chosen, elsewhere=True)
    return _placed_before(sentence, clause, find, before)


def _of_authority(sentence: _Sentence, clause: Clause, find: Find, at: int) -> Named | None:
    """Give the town whose own authority counted ("Protección Civil de Huehuetán"), where no other place is named."""
    if not clause.figures and find.kind not in _AUTHORITY_KINDS:
        return None
    towns = [
        p
        for p in _candidates(sentence, clause, (ORGANISATION,))
        if p.place >= 0 and _TOWN_HALL.search(sentence.text[max(0, p.start - 45) : p.start])
    ]
    return _nearest(towns, at)


def _placed_before(sentence: _Sentence, clause: Clause, find: Find, before: Sequence[Find]) -> Find | None:
    """Take the place from what was told before, where a number is told and no other place is meant."""
    if find.kind in ("closure", "reopening", "crossings"):
        return replace(find, confidence=find.confidence - 0.3, flags=("no place told / sin lugar",))
    if before and before[-1].place >= 0:
        return replace(find, place=before[-1].place)
    away = any(p.role in (FROM, TOWARD, AREA) for p in sentence.places)
    if sentence.last_place >= 0 and clause.figures and not away and find.kind in ("position", "stock"):
        return replace(
            find,
            place=sentence.last_place,
            confidence=find.confidence - 0.25,
            flags=("the place is taken from an earlier sentence / lugar tomado de una frase anterior",),
        )
    return None


def _transport_placed(sentence: _Sentence, find: Find, clause: Clause) -> Find:
    origin = _nearest(_candidates(sentence, clause, (FROM, AT, OF)), 0)
    target = _nearest(
        [p for p in _candidates(sentence, clause, (GOAL, TOWARD)) if p is not origin], clause.end
    )
    return replace(
        find,
        place=origin.place if origin else -1,
        to_place=target.place if target else -1,
        confidence=find.confidence - (0.2 if origin is None and target is None else 0.1),
    )


def _after(places: Sequence[Named], at: int) -> list[Named]:
    return [p for p in places if p.start >= at]


def _nearest(places: Sequence[Named], at: int) -> Named | None:
    return min(places, key=lambda p: abs(p.start - at) + 40 * (p.place < 0), default=None)


def _with_place(
    sentence: _Sentence, find: Find, named: Named | None, *, elsewhere: bool = False
) -> Find | None:
    if named is None:
        return None
    flags, confidence = find.flags, find.confidence - 0.15 * elsewhere
    if named.doubt:
        flags, confidence = (*flags, f"{named.name}: {named.doubt}"), confidence - 0.3
    if named.place >= 0:
        return replace(find, place=named.place, flags=flags, confidence=confidence)
    sentence.missing.append((named.name, named.nearest, named.nearest_km))
    if named.nearest < 0 or named.nearest_km > _STANDS_FOR_KM:
        return None
    near = sentence.setting.names.places.ids[named.nearest]
    flag = (
        f"{named.name} is no place of the network; {near}, {named.nearest_km:.0f} km away, stands for it / "
        f"{named.name} no es lugar de la red; lo representa {near}, a {named.nearest_km:.0f} km"
    )
    return replace(find, place=named.nearest, flags=(*flags, flag), confidence=confidence - 0.4)


def _dated(sentence: _Sentence, clause: Clause, find: Find, at: int) -> Find | None:
    """Give the find with its day; None where it lies in an unclear future."""
    published = sentence.setting.published
    mine = [d for d in sentence.days if clause.start <= d.start < clause.end]
    since = next((d.since or d.day for d in mine or sentence.days if d.use == dates.SINCE or d.since), None)
    if find.kind == "next_stop":
        return _announced(sentence, mine, _far_ahead(sentence, find), at)
    happened = [d for d in mine if d.use == dates.DAY and not d.of_statement and d.day]
    happened = happened or [d for d in sentence.days if d.use == dates.DAY and not d.of_statement and d.day]
    stated = [d for d in sentence.days if d.use == dates.DAY and d.day]
    chosen = min(happened, key=lambda d: abs(d.start - at), default=None) or next(iter(stated), None)
    if chosen is None or chosen.day is None:
        flag = (
            ()
            if find.kind in _AUTHORITY_KINDS | _PLACELESS
            else ("no day told: taken as the day of publication / sin día: se toma el de publicación",)
        )
        less = 0.05 if find.kind in _PLACELESS else 0.1
        return replace(
            find, since=since, flags=(*find.flags, *flag), confidence=find.confidence - less, day_assumed=True
        )
    chosen = _last_of_pair(sentence, chosen)
    day = chosen.day or published
    if find.kind in _ANNOUNCED and chosen.ahead and _WILL.search(sentence.text):
        day = chosen.ahead
    if day > published and find.kind not in _ANNOUNCED:
        return None
    flags = (*find.flags, chosen.flag) if chosen.flag else find.flags
    return replace(
        find,
        day=day,
        since=since,
        flags=flags,
        confidence=find.confidence - 0.2 * bool(chosen.flag),
        day_assumed=bool(chosen.flag),
    )


_WILL = re.compile(
    r"\b(?:ser[áa]n?|will|to be|plans? to|abrir[áa]n?|cerrar[áa]n?|ofrecer[áa]n?|reabrir[áa]n?|prev[eé]n?)\b",
    re.I,
)


def _last_of_pair(sentence: _Sentence, chosen: Mention) -> Mention:
    """Of "viernes y sábado" take the second day."""
    for other in sentence.days:
        gap = sentence.text[chosen.end : other.start]
        if (
            other.start > chosen.start
            and re.fullmatch(r"\s*(?:y|and|-|–)\s*(?:el\s+|on\s+)?", gap)
            and other.day
        ):
            return other
    return chosen


# An announced stop farther from where people last were is rather where they are heading in the end.
_FAR_KM = 300.0


def _far_ahead(sentence: _Sentence, find: Find) -> Find:
    if sentence.last_place < 0 or find.place < 0:
        return find
    spots = sentence.setting.names.places
    here, there = ((float(spots.lat[p]), float(spots.lon[p])) for p in (sentence.last_place, find.place))
    if not sphere_km(here, there) > _FAR_KM:
        return find
    flag = "far ahead: perhaps where they are heading in the end / lejos: quizá el destino final"
    return replace(find, flags=(*find.flags, flag), confidence=find.confidence - 0.3)


def _announced(sentence: _Sentence, mine: Sequence[Mention], find: Find, at: int) -> Find | None:
    published = sentence.setting.published
    if any(d.use == dates.AHEAD for d in sentence.days):
        return None
    ahead = [
        d
        for d in mine or sentence.days
        if d.use == dates.DAY and not d.of_statement and (d.ahead or d.day == published)
    ]
    after = [d for d in ahead if d.start >= at - 30 or d.start < 25]
    chosen = min(after, key=lambda d: abs(d.start - at), default=None)
    hour = hour_in(sentence.text)
    if chosen is not None:
        day = chosen.ahead or chosen.day or published
        if day < published - timedelta(days=1):
            return None
        return replace(find, day=day, hour=hour)
    stated = next((d.day for d in sentence.days if d.use == dates.DAY and d.day), None)
    day = stated + timedelta(days=1) if stated and stated < published else published + timedelta(days=1)
    flag = "no day told: taken as the day after the announcement / sin día: el siguiente al anuncio"
    return replace(
        find,
        day=day,
        hour=hour,
        flags=(*find.flags, flag),
        confidence=find.confidence - 0.25,
        day_assumed=True,
    )


def _finished(
    sentence: _Sentence, clause: Clause, find: Find, figure: Figure | None, cue: Cue | None
) -> Find:
    words = sentence.text[clause.start : clause.end]
    segment, source = (
        _segment(sentence, words, find, figure),
        _source_kind(sentence, clause, figure, cue, find),
    )
    flags, confidence = list(find.flags), find.confidence
    if OTHERS.search(sentence.text):
        flags.append("speaks of another or a new caravan / habla de otra caravana o de una nueva")
        confidence -= 0.3
    if cue is None:
        confidence -= 0.1
        flags.append("no verb tells what was counted / ningún verbo dice qué se contó")
    if figure is None or find.kind == "incident":
        return replace(find, segment=segment, source_kind=source, flags=tuple(flags), confidence=confidence)
    if figure.counts == BARE:
        confidence -= 0.1
        flags.append("the number names nothing: taken as people / cifra sin nombre: se toma como personas")
    if figure.vague:
        confidence -= 0.05
        flags.append(
            "a number nobody counted: taken as a wide range / nadie lo contó: se toma un rango amplio"
        )
    hour = hour_in(words) if find.kind == "departures" else find.hour
    return replace(
        find,
        low=figure.low,
        high=figure.high,
        quantifier=figure.quantifier,
        unit="families" if figure.counts == FAMILIES else "people",
        segment=segment,
        source_kind=source,
        flags=tuple(flags),
        confidence=confidence,
        vague=figure.vague,
        hour=hour,
    )


def _segment(sentence: _Sentence, words: str, find: Find, figure: Figure | None) -> str:
    if find.kind in _AUTHORITY_KINDS | {"incident", "next_stop"}:
        return "main"
    text = sentence.text
    if find.kind == "claims" or (
        find.kind in {"returns", "detentions"} and SO_FAR.search(text) and not WINDOW.search(text)
    ):
        return "cumulative"
    if find.kind == "arrivals" and SO_FAR.search(words) and not WINDOW.search(words):
        return "cumulative"
    if find.kind in _PLACELESS:
        return "main"
    if find.kind == "stock" and ONE_SHELTER.search(words):
        return "branch"
    if figure is not None and re.search(
        r"\bpasaron por\b|\bpor \w+ pasaron\b|passed through|han pasado|ha pasado", words, re.I
    ):
        return "cumulative"
    told = segment_of(words)
    return told or ("branch" if segment_of(text) == "branch" and figure is not None else "main")


def _source_kind(
    sentence: _Sentence, clause: Clause, figure: Figure | None, cue: Cue | None, find: Find
) -> str:
    """Give the kind of source that vouches for a find: in its clause, else for the whole sentence."""
    at = figure.start if figure else cue.start if cue else clause.start
    sources = list(sentence.sources)
    if find.kind in _AUTHORITY_KINDS:
        sources += [
            a
            for a in actors_in(sentence.text)
            if a.kind == "official" and not _OFFICE.match(sentence.text[a.start : a.end])
        ]
    mine = [s for s in sources if clause.start <= s.start < clause.end]
    if mine:
        return min(mine, key=lambda s: abs(s.start - at)).kind
    if clause.after_semicolon:
        return "press"
    rest = [s for s in sources if ";" not in sentence.text[min(s.start, at) : max(s.start, at)]]
    return min(rest, key=lambda s: abs(s.start - at)).kind if rest else "press"
