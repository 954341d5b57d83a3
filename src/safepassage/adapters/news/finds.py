"""What one sentence reports: kind, place, day, figure, segment and source put together, clause by clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from safepassage.adapters.news import dates
from safepassage.adapters.news.anatomy import (
    AUTHORITY_KINDS,
    PLACELESS,
    Find,
    Missing,
    Parts,
    Setting,
    Told,
    candidates,
)
from safepassage.adapters.news.cues import (
    CARAVAN,
    DISPLACED,
    ONE_SHELTER,
    SHELTER,
    SUBJECT,
)
from safepassage.adapters.news.dates import Mention, dates_in
from safepassage.adapters.news.dating import dated_find
from safepassage.adapters.news.finishing import finished_find
from safepassage.adapters.news.kinds import (
    BREAKING,
    Clause,
    Cue,
    clauses_of,
    cues_in,
    is_supposed,
)
from safepassage.adapters.news.numbers import BARE, FAMILIES, PEOPLE, Figure, figures_in
from safepassage.adapters.news.places import (
    AREA,
    AT,
    FROM,
    GOAL,
    NAMED,
    OF,
    TOWARD,
    places_in,
)
from safepassage.adapters.news.placing import placed_find
from safepassage.adapters.news.sentences import without_asides
from safepassage.adapters.news.sizes import compared_span, is_capacity, is_size
from safepassage.adapters.news.sources import sources_in

MOST_FIGURES = 12
NOTHING_TOLD = Told()


def finds_in(
    text: str, setting: Setting, language: str, told: Told = NOTHING_TOLD
) -> tuple[list[Find], list[Missing]]:
    """Give what a sentence reports, and the towns it names that the network lacks.

    Parameters
    ----------
    text : str              one sentence.
    setting : Setting
    language : str          "es" or "en".
    told : Told             what the article has told before.
    """
    text = without_asides(text)
    figures = figures_in(text, language)
    cues = cues_in(text)
    if len(figures) > MOST_FIGURES or len(cues) > 3 * MOST_FIGURES:  # a table or a list, not a sentence
        return [], []
    if not (cues or any(f.counts in (PEOPLE, FAMILIES, BARE) for f in figures)):
        return [], []
    places = tuple(places_in(text, setting.names, setting.around))
    sizes = [f for f in figures if is_size(text, f, places, cues)]
    before_now = [compared_span(text, f) for f in figures if f not in sizes]
    days = tuple(
        d
        for d in dates_in(text, setting.published)
        if not any(p.start <= d.start < p.end for p in places)
        and not any(first <= d.start < last for first, last in before_now)
    )
    missing: list[Missing] = []
    if _is_history(days):
        return [], missing
    sentence = Parts(
        text,
        setting,
        places,
        days,
        tuple(sources_in(text)),
        tuple(clauses_of(text, cues, sizes)),
        told,
        tuple(f for f in figures if is_capacity(text, f)),
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


def _merged(sentence: Parts) -> list[Clause]:
    """Join a clause that has a number but no place with its neighbour that has a place but no number."""
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


def _complete_each_other(sentence: Parts, first: Clause, second: Clause) -> bool:
    if bool(first.figures) == bool(second.figures) or {c.kind for c in first.cues + second.cues} & BREAKING:
        return False
    with_figure, other = (first, second) if first.figures else (second, first)
    lone = not candidates(sentence, with_figure, (AT, GOAL, OF, NAMED, FROM)) and not any(
        c.kind in BREAKING for c in with_figure.cues
    )
    return lone and bool(candidates(sentence, other, (AT, GOAL, OF, NAMED)))


def _finds(sentence: Parts, clause: Clause, before: Sequence[Find]) -> list[Find]:
    figure = clause.figures[0] if clause.figures else None
    if figure and is_supposed(sentence.text, figure):
        figure = None
        if not any(c.kind == "next_stop" and c.as_fact for c in clause.cues):
            return []
    if figure is None:
        kinds = {c.kind: c for c in reversed(clause.cues)}
        if "next_stop" in kinds:
            kinds["next_stop"] = _of_the_stop(sentence, clause)
        alone = [f for c in kinds.values() if (f := _find(sentence, clause, None, c, before))][:3]
        return alone if any(f.kind == "departures" for f in alone) else alone + _set_out(sentence, clause)
    cue = _cue_of(clause, figure)
    found = [f for f in (_find(sentence, clause, figure, cue, before),) if f]
    extra = [c for c in clause.cues if c is not cue and c.kind in AUTHORITY_KINDS | {"next_stop"}]
    found += [f for c in extra[:2] if (f := _find(sentence, clause, None, c, before))]
    if not any(f.kind == "departures" for f in found):
        found += _set_out(sentence, clause)
    return (
        found
        + [f for c in clause.cues if c is not cue and (f := _where_they_stayed(sentence, clause, c))][:1]
    )


def _of_the_stop(sentence: Parts, clause: Clause) -> Cue:
    """Of several announcements ("will rest, and on Thursday walk on to X") give the one before the place."""
    cues = [c for c in clause.cues if c.kind == "next_stop"]
    ahead = [p.start for p in candidates(sentence, clause, (TOWARD, GOAL))]
    facts = [c for c in cues if c.as_fact and any(c.start < spot for spot in ahead)]
    return facts[-1] if facts else cues[0]


def _set_out(sentence: Parts, clause: Clause) -> list[Find]:
    """Read "which left X on Sunday", told in passing beside what came of them, with its own place and day."""
    for cue in clause.cues:
        if cue.kind != "leave" or not cue.as_fact or not sentence.setting.of_caravan:
            continue
        others = [c.start for c in clause.cues if c.start > cue.end and c.kind != "leave"]
        end = min([*others, clause.end])
        named = [p for p in sentence.places if cue.start <= p.start < end and p.role == FROM and p.place >= 0]
        days = [
            d for d in sentence.days if cue.start - 12 <= d.start < end and d.use == dates.DAY and not d.flag
        ]
        if (
            named
            and days
            and days[0].day
            and days[0].day <= sentence.setting.published
            and not named[0].doubt
        ):
            return [Find("departures", named[0].place, days[0].day, confidence=0.75)]
    return []


def _where_they_stayed(sentence: Parts, clause: Clause, cue: Cue) -> Find | None:
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
    able = [c for c in clause.cues if c.kind not in AUTHORITY_KINDS | {"next_stop", "incident"}]
    if not able:
        return None

    def distance(cue: Cue) -> float:
        gap = cue.start - figure.noun_end if cue.start >= figure.noun_end else figure.start - cue.end + 8
        return gap + 60 * cue.aside - 40 * (cue.kind in PLACELESS)

    return min(able, key=distance)


def _find(
    sentence: Parts, clause: Clause, figure: Figure | None, cue: Cue | None, before: Sequence[Find]
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
    placed = placed_find(sentence, clause, find, at, before)
    if placed is None:
        return None
    dated = dated_find(sentence, clause, placed, at)
    if dated is None:
        return None
    return finished_find(sentence, clause, dated, figure, cue)


def _tells_alone(sentence: Parts, clause: Clause, cue: Cue) -> bool:
    """Tell whether a cue is news without a number: a caravan arrives; a camp "houses" people is none."""
    if cue.kind in AUTHORITY_KINDS:
        return True
    if cue.kind == "incident":
        return bool(SUBJECT.search(sentence.text)) and bool(candidates(sentence, clause, (AT, GOAL, OF)))
    if cue.kind in PLACELESS | {"house", "crossing"} or not sentence.setting.of_caravan:
        return False
    if cue.kind == "arrive" and _MOVED.match(cue_text(sentence.text, cue)):
        return bool(CARAVAN.search(sentence.text[clause.start : cue.start]))
    if not SUBJECT.search(sentence.text):
        begins = bool(re.match(r"(?:it|they)\b", sentence.text[clause.start : clause.end].strip(), re.I))
        return begins or (
            cue.kind == "next_stop"
            and bool(
                re.search(r"[aá]n?\b|[ie]ron\b|[aei]mos\b|y would\b|it would\b", cue_text(sentence.text, cue))
            )
        )
    return not cue.aside


# Whom somebody took somewhere is a part, unless the caravan itself is said to have been taken.
_MOVED = re.compile(
    r"bused|relocated|transferred|moved|taken|evacuated|brought|carried|ferried|reubic|llevaron|trasla", re.I
)


def cue_text(text: str, cue: Cue) -> str:
    """Give the words of a cue."""
    return text[cue.start : cue.end]


def _kind_of(
    sentence: Parts, clause: Clause, figure: Figure | None, cue: Cue | None, before: Sequence[Find]
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
        fled_here = candidates(sentence, clause, goals) and not candidates(sentence, clause, (FROM,))
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


def _kind_without_cue(sentence: Parts, clause: Clause, before: Sequence[Find]) -> str:
    if sentence.setting.of_caravan and ONE_SHELTER.search(sentence.text[clause.start : clause.end]):
        return "stock"
    if clause.figures and clause.figures[0].counts == BARE and before and before[-1].kind in PLACELESS:
        return ""
    if any(c.kind == "incident" for c in clause.cues):
        return "incident"
    if before and before[-1].kind not in AUTHORITY_KINDS | {"next_stop", "incident"}:
        return before[-1].kind
    if sentence.setting.of_caravan:
        return "position"
    return "stock" if DISPLACED.search(sentence.text) or sentence.places else ""


def _crossing_or_position(sentence: Parts, clause: Clause, figure: Figure | None) -> str:
    """Tell a border crossed, which is counted, from a town entered."""
    own = candidates(sentence, clause, (AT, GOAL, OF, NAMED)) or candidates(
        sentence, replace(clause, start=0, end=len(sentence.text)), (AT, GOAL, OF, NAMED)
    )
    into_country = any(p.role == AREA for p in sentence.places)
    border = any(
        p.place >= 0 and sentence.setting.names.places.kinds[p.place] == "border_crossing" for p in own
    )
    if figure is not None and (border or not own) and (into_country or border):
        return "crossings"
    return "position" if own else ""
