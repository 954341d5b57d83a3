"""What the page of a replay says, in Spanish and in English, with the same keys."""

from __future__ import annotations

from typing import Any

from safepassage.adapters.page.words import in_language, pair

WORDS = {
    "es": {
        "eyebrow": "SafePassage · repetición con pronósticos sellados",
        "language": "Idioma",
        "skip": "Ir al contenido",
        "span": "{count} tardes, del {first} al {last}",
        "from_reports": "Cada tarde se leyó solo lo publicado hasta entonces: los informes del caso",
        "from_counts": "Cada tarde se supo solo lo contado hasta entonces",
        "from_articles": "Cada tarde se leyó solo lo publicado hasta entonces: artículos, en lugar de los "
        "informes del caso",
        "rule": "Nadie eligió: se adoptó toda propuesta con confianza de 0.60 o más y sin avisos del lector; "
        "las demás se rechazaron ({refused} en total; están en read.json de cada tarde).",
        "truth_reports": "Sin truth.csv: lo que pasó se toma de los informes posteriores",
        "setting_members": "miembros: {value}",
        "setting_seed": "semilla: {value}",
        "setting_learned": "lecciones: {value}",
        "setting_version": "versión {value}",
        "default": "los del programa",
        "head": "Sello de toda la cadena (SHA-256 de su última línea)",
        "head_note": "Cada pronóstico se selló antes de abrir la tarde siguiente; lo que pasó se abrió "
        "después del último sello. Esta página se hizo solo con los archivos sellados.",
        "lost_title": "Dónde perdimos",
        "lost_lead": "Tardes en que una regla simple estuvo más cerca que nuestra cifra central, todas y por "
        "fecha. Hay {rules} reglas: por azar, alguna acierta más a menudo que una sola.",
        "lost_none": "Ninguna regla simple estuvo más cerca ninguna tarde.",
        "lost_row": "{rule}: más cerca en {lost} de {count} tardes",
        "lost_mean": "peor, de media",
        "score_title": "El balance",
        "score_lead": "Distancia media entre la cifra central y lo que pasó. En negrita, la regla que fue "
        "mejor que nosotros. Entre paréntesis, en cuántas tardes habló, si fueron menos, y la nuestra en "
        "esas.",
        "what": "Qué",
        "evenings": "Tardes",
        "inside": "Dentro del 80 %",
        "ours": "Nosotros",
        "position_unit": "Lugar, km",
        "size_unit": "Personas",
        "count_unit": "Personas por campamento",
        "ahead": "A {nights}",
        "next_count": "Próximo conteo",
        "position": "Lugar, a {nights}",
        "size": "Personas, a {nights}",
        "count": "Personas por campamento, hasta el próximo conteo",
        "night_1": "1 noche",
        "nights": "{count} noches",
        "km": "{value} km",
        "people": "{value} personas",
        "chart_position": "Dónde dijimos que estarían, {nights} antes, y dónde estuvieron",
        "chart_size": "Cuántas personas dijimos, {nights} antes, y cuántas se contaron",
        "chart_count": "{place}: lo dicho para el próximo conteo, y lo contado",
        "chart_note": "Barra: 8 de cada 10 futuros; raya: cifra central; rombo: lo que pasó, hueco si quedó "
        "fuera de la barra; gris: «{rule}». Kilómetros por el camino que al final se tomó.",
        "chart_note_people": "Barra: 8 de cada 10 futuros; raya: cifra central; rombo: lo que pasó, hueco si "
        "quedó fuera de la barra; gris: «{rule}».",
        "table_title": "Tarde por tarde",
        "table_lead": "Lo dicho cada tarde para la noche siguiente, lo que pasó, lo que dijo la regla más "
        "cercana y quién estuvo más cerca. Los pueblos enlazan con la hoja que se escribió esa tarde.",
        "table_lead_camps": "Lo dicho cada tarde para el próximo conteo de cada campamento, en suma.",
        "evening": "Tarde",
        "read": "Leído",
        "said": "Dijimos",
        "happened": "Pasó",
        "rule_said": "La regla más cercana dijo",
        "nearer": "Más cerca",
        "seal": "Sello",
        "counts": "{count} conteos",
        "counted": "Conteos",
        "reports": "{count} informes",
        "reports_1": "1 informe",
        "articles": "artículos: {count}; informes adoptados: {adopted}; rechazados: {refused}",
        "nothing": "nada nuevo",
        "unknown": "nadie lo contó",
        "middle": "{middle} ({low} a {high})",
        "we": "nosotros",
        "the_rule": "la regla",
        "tie": "igual",
        "line": "línea {line}",
        "more": "y {count} más",
        "camps_inside": "{inside} de {count} campamentos dentro del 80 %",
        "check_title": "Cómo comprobarlo a mano",
        "check_chain": "Cada línea de replay.jsonl lleva en «previous» la suma de la anterior; la última da "
        "el sello de arriba:",
        "check_files": "Cada tarde, «sums_sha256» es la suma de su SHA256SUMS, y este las de sus archivos:",
        "check_all": "Todo a la vez, y la primera línea que no se sostenga, si hay alguna:",
        "check_limit": "La cadena prueba que nada cambió después de escrita la última línea, si el sello se "
        "dio a otros entonces. Que una tarde no supo de la siguiente lo asegura el programa, no la suma.",
        "purpose": "Documento operativo: no publicar ni reenviar fuera del equipo. Habla de grupos, nunca de "
        "personas, y de pueblo y día como lo más fino.",
        "last position": "última posición",
        "walker, mean speed": "a paso medio",
        "walker, last three days": "al paso de los últimos tres días",
        "announced next stop": "parada anunciada",
        "last value": "último valor",
        "drift": "tendencia",
    },
    "en": {
        "eyebrow": "SafePassage · replay with sealed forecasts",
        "language": "Language",
        "skip": "Skip to the content",
        "span": "{count} evenings, {first} to {last}",
        "from_reports": "Each evening only what had been published was read: the case's reports",
        "from_counts": "Each evening only what had been counted by then was known",
        "from_articles": "Each evening only what had been published was read: articles, in place of the "
        "case's reports",
        "rule": "Nobody chose: every proposal with a confidence of 0.60 or more and no flag of the reader "
        "was adopted; the others were refused ({refused} in all; they stand in each evening's read.json).",
        "truth_reports": "No truth.csv: what happened is taken from later reports",
        "setting_members": "members: {value}",
        "setting_seed": "seed: {value}",
        "setting_learned": "lessons: {value}",
        "setting_version": "version {value}",
        "default": "the program's own",
        "head": "Seal of the whole chain (SHA-256 of its last line)",
        "head_note": "Every forecast was sealed before the next evening was opened; what happened was opened "
        "after the last seal. This page was made of the sealed files alone.",
        "lost_title": "Where we lost",
        "lost_lead": "Evenings on which a simple rule was nearer than our middle figure, all of them, by "
        "date. There are {rules} rules: by luck some one of them is right more often than a single one.",
        "lost_none": "No simple rule was nearer on any evening.",
        "lost_row": "{rule}: nearer on {lost} of {count} evenings",
        "lost_mean": "worse, on the mean",
        "score_title": "The balance",
        "score_lead": "Mean distance between the middle figure and what happened. A rule that did better "
        "than we is in bold. In brackets, on how many evenings it spoke, where these were fewer, and ours on "
        "them.",
        "what": "What",
        "evenings": "Evenings",
        "inside": "Inside the 80%",
        "ours": "We",
        "position_unit": "Where, km",
        "size_unit": "People",
        "count_unit": "People by camp",
        "ahead": "{nights} ahead",
        "next_count": "Next count",
        "position": "Where, {nights} ahead",
        "size": "People, {nights} ahead",
        "count": "People by camp, up to the next count",
        "night_1": "1 night",
        "nights": "{count} nights",
        "km": "{value} km",
        "people": "{value} people",
        "chart_position": "Where we said they would be, {nights} before, and where they were",
        "chart_size": "How many people we said, {nights} before, and how many were counted",
        "chart_count": "{place}: what was said of the next count, and the count",
        "chart_note": "Bar: 8 of 10 futures; stroke: middle figure; diamond: what happened, hollow where it "
        "lay outside the bar; grey: “{rule}”. Kilometres along the road that was taken in the end.",
        "chart_note_people": "Bar: 8 of 10 futures; stroke: middle figure; diamond: what happened, hollow "
        "where it lay outside the bar; grey: “{rule}”.",
        "table_title": "Evening by evening",
        "table_lead": "What was said each evening of the night after, what happened, what the nearest rule "
        "said and who was nearer. Towns lead to the sheet that was written that evening.",
        "table_lead_camps": "What was said each evening of every camp's next count, summed up.",
        "evening": "Evening",
        "read": "Read",
        "said": "We said",
        "happened": "It happened",
        "rule_said": "The nearest rule said",
        "nearer": "Nearer",
        "seal": "Seal",
        "counts": "{count} counts",
        "counted": "Counts",
        "reports": "{count} reports",
        "reports_1": "1 report",
        "articles": "articles: {count}; reports adopted: {adopted}; refused: {refused}",
        "nothing": "nothing new",
        "unknown": "nobody counted",
        "middle": "{middle} ({low} to {high})",
        "we": "we",
        "the_rule": "the rule",
        "tie": "even",
        "line": "line {line}",
        "more": "and {count} more",
        "camps_inside": "{inside} of {count} camps inside the 80%",
        "check_title": "How to check it by hand",
        "check_chain": "Every line of replay.jsonl holds, as “previous”, the checksum of the one before; the "
        "last gives the seal above:",
        "check_files": "Each evening, “sums_sha256” is the checksum of its SHA256SUMS, which has those of "
        "its files:",
        "check_all": "All at once, and the first line that does not hold, if there is one:",
        "check_limit": "The chain proves that nothing changed after the last line was written, if the seal "
        "was given to others then. That an evening did not know of the next is what the program ensures, not "
        "the checksum.",
        "purpose": "Working document: do not publish it or send it on outside the team. It speaks of groups, "
        "never of persons, and of nothing finer than town and day.",
        "last position": "last position",
        "walker, mean speed": "at the mean pace",
        "walker, last three days": "at the pace of the last three days",
        "announced next stop": "announced next stop",
        "last value": "last value",
        "drift": "drift",
    },
}


def say(lang: str, key: str, **values: Any) -> str:
    """Say one sentence in one language, not escaped; a rule of a later version by its own name."""
    sentence = WORDS[lang].get(key, key)
    return sentence.format(**{name: in_language(value, lang) for name, value in values.items()})


def both(key: str, **values: Any) -> str:
    """Say one sentence as escaped HTML in both languages."""
    return pair(lambda lang: say(lang, key, **values))


def both_svg(key: str, **values: Any) -> str:
    """Say one sentence inside an SVG text element in both languages."""
    return pair(lambda lang: say(lang, key, **values), "tspan")


def spoken(key: str, **values: Any) -> Any:
    """Give one sentence as a value for another one."""
    return lambda lang: say(lang, key, **values)


def nights(count: int) -> Any:
    """Say a number of nights."""
    return spoken("night_1" if count == 1 else "nights", count=count)
