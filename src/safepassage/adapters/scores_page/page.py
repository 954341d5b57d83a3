"""`scores.html`: how good the forecasts were, in one file that opens without a network and prints on A4.

No script, nothing loaded: the Content-Security-Policy allows only the one style in the file.
"""

from __future__ import annotations

from importlib.resources import files

from safepassage.adapters.page.figures import day, whole
from safepassage.adapters.page.markup import esc, policy
from safepassage.adapters.page.report import stamp
from safepassage.adapters.page.words import pair
from safepassage.adapters.scores_page.calibration import chances_section, interval_section, pit_section
from safepassage.adapters.scores_page.history import fans_section
from safepassage.adapters.scores_page.sentences import summaries_html
from safepassage.adapters.scores_page.skill import coverage_section, skill_section
from safepassage.adapters.scores_page.tables import ablation_tables, arrivals_table, full_tables
from safepassage.adapters.scores_page.values import CaseShown, ScoresShown
from safepassage.adapters.scores_page.words import both, name_of, say

LEAKS = ("reports", "events", "road", "corrections", "conflict", "capacities", "truth", "lessons", "between")


def scores_html(shown: ScoresShown) -> str:
    """Write the page as one HTML document."""
    style = "\n".join(
        files(f"safepassage.adapters.{package}").joinpath(name).read_text(encoding="utf-8").strip()
        for package, name in (("page", "report.css"), ("scores_page", "scores.css"))
    )
    body = "".join(
        _section(key, inside)
        for key, inside in (
            ("skill", skill_section(shown.rows, shown.summaries)),
            ("coverage", coverage_section(shown.rows, shown.summaries)),
            ("pit", pit_section(shown.calibrations)),
            ("interval", interval_section(shown.calibrations)),
            ("chances", chances_section(shown.chances) if shown.chances else ""),
            ("fans", fans_section(shown)),
            ("arrivals", arrivals_table(shown) if shown.arrivals else ""),
            ("ablations", ablation_tables(shown) if shown.ablations else ""),
            ("tables", full_tables(shown.rows)),
        )
        if inside
    )
    return (
        '<!DOCTYPE html>\n<html lang="es" class="no-script"><head><meta charset="utf-8">'
        f'{policy(style)}<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex, nofollow"><meta name="referrer" content="no-referrer">'
        f"<title>{esc(say('es', 'title'))} · SafePassage</title><style>{style}</style></head>\n<body>"
        f'<a class="skip" href="#content">{both("skip")}</a>{stamp()}<div class="page">{_header(shown)}'
        f'<main id="content"><section class="lead" aria-labelledby="short">'
        f'<h2 id="short">{both("short")}</h2>'
        f"{summaries_html(shown.summaries) or _nothing()}</section>{body}{_made(shown)}</main>"
        f"<footer><p>{both('purpose')}</p></footer></div></body></html>\n"
    )


def _nothing() -> str:
    return f'<p class="none">{both("nothing")}</p>'


def _section(key: str, inside: str) -> str:
    return (
        f'<section aria-labelledby="{key}"><h2 id="{key}">{both(f"{key}_title")}</h2>'
        f"<p>{both(f'{key}_lead')}</p>{inside}</section>"
    )


def _header(shown: ScoresShown) -> str:
    choices = "".join(
        f'<input type="radio" name="lang" id="lang-{key}"{" checked" if key == "es" else ""}>'
        f'<label for="lang-{key}" translate="no">{name}</label>'
        for key, name in (("es", "Español"), ("en", "English"))
    )
    origins = sum(len(case.origins) for case in shown.cases)
    facts = both("facts", cases=len(shown.cases), origins=whole(origins))
    return (
        f'<header><div><p class="eyebrow">{both("product")}</p><h1>{both("title")}</h1>'
        f'<ul class="facts"><li>{facts}</li></ul></div>'
        f'<fieldset class="lang"><legend>{both("language")}</legend>{choices}</fieldset></header>'
    )


def _made(shown: ScoresShown) -> str:
    leaks = "".join(f"<li>{both(f'leak_{key}')}</li>" for key in LEAKS)
    cases = "".join(map(_case, shown.cases))
    head = "".join(
        f'<th scope="col">{both(key)}</th>'
        for key in ("head_case", "head_origins", "head_members", "head_seed", "head_engine", "head_learned")
    )
    return (
        f'<section aria-labelledby="made"><h2 id="made">{both("made_title")}</h2>'
        f"<p>{both('made_command')}</p><pre>{esc(shown.command)}</pre>"
        f"<p>{both('made_version', version=shown.version, learned=name_of('learned', shown.learned))}</p>"
        f'<div class="scroll" tabindex="0"><table class="made"><thead><tr>{head}</tr></thead>'
        f"<tbody>{cases}</tbody></table></div><h3>{both('leaks_title')}</h3><ul>{leaks}</ul>"
        f"<h3>{both('read_title')}</h3><ul>"
        + "".join(f"<li>{both(f'read_{number}')}</li>" for number in range(1, 6))
        + "</ul></section>"
    )


def _case(case: CaseShown) -> str:
    title = f'<span lang="es">{esc(case.title_es)}</span><span lang="en">{esc(case.title_en)}</span>'
    when = ""
    if case.origins:
        when = both("origins_from", first=day(case.origins[0]), last=day(case.origins[-1]))
    lessons = "".join(
        f"<li>{pair(name_of('family', family))}: {esc(', '.join(names))}</li>"
        for family, names in case.learned_from
        if names
    )
    learned = f"<ul>{lessons}</ul>" if lessons else both("learned_nothing")
    return (
        f'<tr><th scope="row">{title}<br><code>{esc(case.name)}</code></th>'
        f"<td>{len(case.origins)}<br><small>{when}</small></td>"
        f'<td class="figure">{case.members:,}</td><td class="figure">{case.seed}</td>'
        f"<td>{esc(case.engine)}</td><td>{learned}</td></tr>"
    )
