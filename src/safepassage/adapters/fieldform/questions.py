"""What the form asks, in Spanish and English, and the choices it offers.

XLSForm (xlsform.org): a sheet `survey` with a row per question, a sheet `choices`, a sheet `settings`.
"""

from __future__ import annotations

from dataclasses import dataclass

ES, EN = "Español (es)", "English (en)"
FORM_ID, FORM_VERSION = "safepassage_reports", "1"
OTHER = "other"
SURVEY_COLUMNS = (
    "type", "name", f"label::{ES}", f"label::{EN}", f"hint::{ES}", f"hint::{EN}", "required", "relevant",
    "constraint", f"constraint_message::{ES}", f"constraint_message::{EN}", "appearance", "default",
)  # fmt: skip
CHOICE_COLUMNS = ("list_name", "name", f"label::{ES}", f"label::{EN}")
SETTING_COLUMNS = ("form_title", "form_id", "version", "default_language")
TITLE = "Reportes de SafePassage / SafePassage reports"
NO_NAMES_ES = "Nunca escriba nombres, teléfonos ni direcciones de personas."
NO_NAMES_EN = "Never write names, phone numbers or addresses of persons."

Cells = dict[str, str]


@dataclass(frozen=True)
class FormPlaces:
    """What a scenario gives the form to choose from.

    Parameters
    ----------
    towns : tuple of (id, name)     () for a form that asks for the town in words.
    groups : tuple of (id, name_es, name_en)    asked for where there are several.
    """

    towns: tuple[tuple[str, str], ...] = ()
    groups: tuple[tuple[str, str, str], ...] = ()


# list -> (name, Spanish, English); names are the words of `core.report`.
CHOICES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "kind": (
        ("position", "La caravana está en este lugar", "The caravan is in this town"),
        ("stock", "Personas presentes (albergue, parque, pueblo)", "People present (shelter, park, town)"),
        ("arrivals", "Llegadas de este día", "Arrivals of that day"),
        ("departures", "Salidas de este día", "Departures of that day"),
        ("claims", "Solicitudes de asilo", "Asylum claims"),
        ("returns", "Retornos", "Returns"),
        ("crossings", "Cruces de frontera (paso oficial)", "Border crossings (official post)"),
        ("detentions", "Detenciones (total)", "Detentions (total)"),
        ("next_stop", "Próxima parada anunciada", "Announced next stop"),
        ("transport_offered", "Transporte ofrecido", "Transport offered"),
        ("transport_withdrawn", "Transporte retirado", "Transport withdrawn"),
        ("shelter_opened", "Albergue abierto", "Shelter opened"),
        ("shelter_closed", "Albergue cerrado", "Shelter closed"),
        ("incident", "Incidente (sin personas identificables)", "Incident (no identifiable persons)"),
    ),
    "unit": (("people", "Personas", "People"), ("families", "Familias", "Families")),
    "quantifier": (
        ("about", "Aproximadamente", "About"),
        ("more_than", "Más de", "More than"),
        ("at_least", "Al menos", "At least"),
        ("up_to", "Hasta", "Up to"),
    ),
    "segment": (
        ("main", "El grupo principal", "The main group"),
        ("advance", "La vanguardia", "The head"),
        ("rear", "La retaguardia", "The rear"),
        ("whole", "Toda la caravana", "The whole caravan"),
        ("branch", "Un grupo que se separó", "A group that split off"),
    ),
    "source_kind": (
        ("field", "Mi equipo lo contó o lo vio", "My team counted or saw it"),
        ("shelter", "Albergue, iglesia o comedor", "Shelter, church or kitchen"),
        ("official", "Autoridad", "Authority"),
        ("agency", "ONU, Cruz Roja u ONG", "UN, Red Cross or NGO"),
        ("organiser", "Quienes organizan la caravana", "Organisers of the caravan"),
        ("press", "Prensa", "Press"),
    ),
    "transport": (
        ("none", "Nada", "None"),
        ("transport_offered", "Ofrecido", "Offered"),
        ("transport_withdrawn", "Retirado", "Withdrawn"),
    ),
}


def _question(kind: str, name: str, es: str, en: str, **more: str) -> Cells:
    """Make a row of `survey`; `hint_es`, `hint_en` and other columns by name."""
    hints = {f"hint::{ES}": more.pop("hint_es", ""), f"hint::{EN}": more.pop("hint_en", "")}
    said = {
        f"constraint_message::{ES}": more.pop("message_es", ""),
        f"constraint_message::{EN}": more.pop("message_en", ""),
    }
    return {"type": kind, "name": name, f"label::{ES}": es, f"label::{EN}": en, **hints, **said, **more}


def _town(name: str, es: str, en: str, places: FormPlaces, **more: str) -> list[Cells]:
    """Ask for a town: from the list of the scenario, with a way out of it, or in words."""
    hints = {"hint_es": "Solo el pueblo o la ciudad, nunca el lugar exacto.",
             "hint_en": "The town only, never the exact spot."}  # fmt: skip
    if not places.towns:
        return [_question("text", name, es, en, **hints, **more)]
    asked = _question("select_one place", name, es, en, appearance="minimal autocomplete", **hints, **more)
    missing = _question(
        "text",
        f"{name}_other",
        "¿Cuál? (no está en la lista)",
        "Which one? (not in the list)",
        relevant=f"${{{name}}} = '{OTHER}'",
    )
    return [asked, missing]


_WHOLE = {
    "constraint": ". >= 0 and . <= 1000000",
    "message_es": "Un número entero, sin signos ni puntos.",
    "message_en": "A whole number, without signs or separators.",
}
_COUNTED = "${kind} != 'next_stop' and ${kind} != 'shelter_opened' and ${kind} != 'shelter_closed'"


def survey(places: FormPlaces) -> list[Cells]:
    """Give the rows of the sheet `survey`."""
    several = len(places.groups) > 1
    group = [_question("select_one group", "group", "¿Qué caravana?", "Which caravan?")] if several else []
    return [
        _question("note", "no_names", NO_NAMES_ES, NO_NAMES_EN),
        _question("select_one kind", "kind", "¿Qué reporta?", "What do you report?", required="yes"),
        _question(
            "date",
            "observed",
            "¿De qué día?",
            "Of which day?",
            required="yes",
            default="today()",
            hint_es="Próxima parada anunciada: la noche en que dormirán allí.",
            hint_en="Announced next stop: the night they will sleep there.",
            constraint=". <= today() + 7",
            message_es="Un día hasta la próxima semana.",
            message_en="A day up to next week.",
        ),
        *_town("place", "¿En qué lugar?", "In which town?", places, required="yes"),
        *group,
        *_figures(),
        _question("select_one segment", "segment", "¿Qué parte de la caravana?", "Which part of it?"),
        _question("select_one source_kind", "source_kind", "¿Quién lo dice?", "Who says so?", required="yes"),
        *_ahead(places),
        _question(
            "integer",
            "hour",
            "Hora de salida anunciada (0 a 23)",
            "Announced hour of departure (0 to 23)",
            relevant="${kind} = 'next_stop' or string-length(${next_stop}) > 0",
            constraint=". >= 0 and . <= 23",
            message_es="De 0 a 23.",
            message_en="0 to 23.",
        ),
        *_transport_to(places),
        _question(
            "text",
            "note",
            "Nota",
            "Note",
            appearance="multiline",
            hint_es=NO_NAMES_ES,
            hint_en=NO_NAMES_EN,
        ),
    ]


def _figures() -> list[Cells]:
    return [
        {"type": "begin_group", "name": "figures", "relevant": _COUNTED} | _labels("¿Cuántas?", "How many?"),
        _question("select_one unit", "unit", "Contadas en", "Counted in", default="people"),
        _question("integer", "count_low", "Cuántas (mínimo)", "How many (lowest)", **_WHOLE),
        _question(
            "integer",
            "count_high",
            "Cuántas (máximo)",
            "How many (highest)",
            hint_es="La misma cifra si es exacta; vacío si solo se sabe el mínimo.",
            hint_en="The same figure where it is exact; empty where only the lowest is known.",
            constraint=". >= ${count_low} and . <= 1000000",
            message_es="No menos que el mínimo.",
            message_en="Not less than the lowest.",
        ),
        _question(
            "decimal",
            "people_per_family",
            "Personas por familia",
            "People to a family",
            required="yes",
            relevant="${unit} = 'families'",
            constraint=". >= 1 and . <= 20",
            message_es="De 1 a 20.",
            message_en="1 to 20.",
        ),
        _question("select_one quantifier", "quantifier", "¿Cómo se dijo?", "How was it said?"),
        {"type": "end_group"},
    ]


def _ahead(places: FormPlaces) -> list[Cells]:
    """Ask what is known of the way ahead."""
    relevant = "${kind} = 'position' or ${kind} = 'stock' or ${kind} = 'departures' or ${kind} = 'arrivals'"
    announced = "¿Próxima parada anunciada?", "Announced next stop?"
    return [
        {"type": "begin_group", "name": "ahead", "relevant": relevant} | _labels("Lo que sigue", "Ahead"),
        *_town("next_stop", *announced, places),
        _question(
            "date",
            "next_stop_day",
            "¿Qué noche llegan?",
            "Which night will they be there?",
            relevant="string-length(${next_stop}) > 0",
            constraint=". >= ${observed}",
            message_es="No antes del día del reporte.",
            message_en="Not before the day of the report.",
        ),
        _question("select_one transport", "transport", "¿Transporte?", "Transport?", default="none"),
        {"type": "end_group"},
    ]


def _transport_to(places: FormPlaces) -> list[Cells]:
    asked = _town("transport_to", "¿Hacia dónde?", "Where to?", places)[0]
    kinds = ("transport_offered", "transport_withdrawn")
    told = [f"${{{question}}} = '{kind}'" for question in ("kind", "transport") for kind in kinds]
    return [asked | {"relevant": " or ".join(told)}]


def _labels(es: str, en: str) -> Cells:
    return {f"label::{ES}": es, f"label::{EN}": en}


def choices(places: FormPlaces) -> list[Cells]:
    """Give the rows of the sheet `choices`."""
    lists = dict(CHOICES)
    if places.towns:
        towns = tuple((town.replace(" ", "_"), name, name) for town, name in places.towns)
        lists["place"] = (*towns, (OTHER, "Otro lugar", "Another town"))
    if len(places.groups) > 1:
        lists["group"] = places.groups
    columns = CHOICE_COLUMNS[1:]
    return [
        {"list_name": name} | dict(zip(columns, row, strict=True))
        for name, rows in lists.items()
        for row in rows
    ]


def settings() -> Cells:
    """Give the row of the sheet `settings`."""
    return dict(zip(SETTING_COLUMNS, (TITLE, FORM_ID, FORM_VERSION, ES), strict=True))


QUESTION_NAMES = frozenset(
    row["name"]
    for row in survey(FormPlaces((("a", "A"),), (("g", "G", "G"), ("h", "H", "H"))))
    if row["type"] not in ("begin_group", "end_group", "note")
)
