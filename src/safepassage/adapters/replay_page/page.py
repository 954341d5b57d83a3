"""`replay.html`: one file that opens without a network, in Spanish and English, without a script.

It is made of what was sealed and holds no clock: the same files give the same bytes.
"""

from __future__ import annotations

from importlib.resources import files

from safepassage.adapters.page.figures import day, whole
from safepassage.adapters.page.markup import esc, policy, spaced
from safepassage.adapters.page.report import stamp
from safepassage.adapters.page.words import pair
from safepassage.adapters.replay_page.chart import draw_bars
from safepassage.adapters.replay_page.tables import evenings_table, lost_section, scores_table
from safepassage.adapters.replay_page.wording import both, nights, spoken
from safepassage.core.replayed import COUNT, POSITION, SIZE, Replayed, Saying

WIDE, NARROW = (1060.0, 330.0), (360.0, 300.0)
CHARTED = ((POSITION, 1), (POSITION, 3), (SIZE, 1))
CAMPS_CHARTED = 4
_RULES = {POSITION: "last position", SIZE: "last value", COUNT: "last value"}
_RECIPES = (
    (
        "check_chain",
        "tail -n 1 replay.jsonl | sha256sum\nsed -n 3p replay.jsonl | sha256sum   # «previous», 4",
    ),
    ("check_files", "cd evenings/{evening}\nsha256sum SHA256SUMS\nsha256sum -c SHA256SUMS"),
    ("check_all", "safepassage replay --check ."),
)


def replay_html(found: Replayed) -> str:
    """Write the page of a replay as one HTML document."""
    style = "\n".join(
        files(f"safepassage.adapters.{room}").joinpath(name).read_text(encoding="utf-8").strip()
        for room, name in (("page", "report.css"), ("replay_page", "replay.css"))
    )
    return (
        f'<!DOCTYPE html>\n<html lang="es"><head><meta charset="utf-8">{policy(style)}'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex, nofollow"><meta name="referrer" content="no-referrer">'
        f"<title>{esc(found.title_es)} · SafePassage</title><style>{style}</style></head>\n<body>"
        f'<a class="skip" href="#content">{both("skip")}</a>{stamp()}<div class="page">{_header(found)}'
        f'<main id="content">{lost_section(found)}{scores_table(found)}{_charts(found)}'
        f"{evenings_table(found)}{_check(found)}</main>"
        f"<footer><p>{both('purpose')}</p></footer></div></body></html>\n"
    )


def _header(found: Replayed) -> str:
    first, last = day(found.evenings[0].evening), day(found.evenings[-1].evening)
    span = both("span", count=whole(len(found.evenings)), first=first, last=last)
    facts = [
        f'<li class="data-time">{span}</li>',
        f"<li>{both(_read_from(found))}</li>",
        *_settings(found),
    ]
    if found.told_by == "reports":
        facts.append(f"<li>{both('truth_reports')}</li>")
    refused = whole(sum(evening.refused for evening in found.evenings))
    rule = f'<p class="notice">{both("rule", refused=refused)}</p>' if found.with_articles else ""
    title = pair(lambda lang: spaced(found.title_en if lang == "en" else found.title_es))
    return (
        f'<header><div><p class="eyebrow">{both("eyebrow")}</p><h1>{title}</h1>'
        f'<ul class="facts">{"".join(facts)}</ul>{rule}</div>{_languages()}</header>'
        f'<div class="chain"><p>{both("head")}</p><p class="seal">{esc(found.head)}</p>'
        f"<p>{both('head_note')}</p></div>"
    )


def _read_from(found: Replayed) -> str:
    return "from_counts" if found.camps else "from_articles" if found.with_articles else "from_reports"


def _settings(found: Replayed) -> list[str]:
    rows = []
    for name in ("members", "seed", "learned", "version"):
        value = found.settings.get(name, spoken("default"))
        rows.append(f"<li>{both(f'setting_{name}', value=value)}</li>")
    return rows


def _languages() -> str:
    choices = "".join(
        f'<input type="radio" name="lang" id="lang-{key}"{" checked" if key == "es" else ""}>'
        f'<label for="lang-{key}" translate="no">{name}</label>'
        for key, name in (("es", "Español"), ("en", "English"))
    )
    return f'<fieldset class="lang"><legend>{both("language")}</legend>{choices}</fieldset>'


def _charts(found: Replayed) -> str:
    if found.camps:
        return "".join(
            _chart(rows, both("chart_count", place=place)) for place, rows in _largest_camps(found)
        )
    names = {km: spaced(name) for km, name in found.steps}
    parts = []
    for what, ahead in CHARTED:
        rows = found.sayings(what, ahead)
        there = {one.happened for one in rows}
        steps = [(km, names[km]) for km in sorted(there) if km in names] if what == POSITION else []
        if rows:
            parts.append(_chart(rows, both(f"chart_{what}", nights=nights(ahead)), steps))
    return "".join(parts)


def _chart(rows: list[Saying], title: str, steps: list[tuple[float, str]] | None = None) -> str:
    what = rows[0].what
    rows = list({one.day: one for one in rows}.values())  # of several evenings before one day the last
    drawn = "".join(
        draw_bars(rows, rule=_RULES[what], steps=steps or (), size=size, css=css)
        for size, css in ((WIDE, "wide"), (NARROW, "narrow"))
    )
    note = both("chart_note" if what == POSITION else "chart_note_people", rule=spoken(_RULES[what]))
    return f'<section><h2>{title}</h2><figure>{drawn}</figure><p class="note">{note}</p></section>'


def _largest_camps(found: Replayed) -> list[tuple[str, list[Saying]]]:
    by_place: dict[str, list[Saying]] = {}
    for one in found.sayings(COUNT):
        by_place.setdefault(spaced(one.place), []).append(one)
    ordered = sorted(by_place.items(), key=lambda row: (-max(one.happened for one in row[1]), row[0]))
    return ordered[:CAMPS_CHARTED]


def _check(found: Replayed) -> str:
    evening = found.evenings[-1].evening.isoformat()
    parts = []
    for key, recipe in _RECIPES:
        lines = "\n".join(esc(line) for line in recipe.format(evening=evening).split("\n"))
        parts.append(f"<p>{both(key)}</p><pre>{lines}</pre>")
    return f"<section><h2>{both('check_title')}</h2>{''.join(parts)}<p>{both('check_limit')}</p></section>"
