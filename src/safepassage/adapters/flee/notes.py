"""What readers of a forecast are told of the rules behind it, in Spanish and English."""

from __future__ import annotations

from safepassage.core.displacement import Displacement
from safepassage.core.local_law import LocalLaw


def notes_of(law: LocalLaw, displacement: Displacement) -> tuple[str, ...]:
    """Give a note for every rule beyond roads, conflict and camps that this folder uses."""
    matched = law.matches_ethnicity or law.match_camp_religion
    told = (
        (
            displacement.driven_by == "flood",
            "Las salidas se calculan con los niveles de inundación, no con registros.",
            "Departures are computed from the levels of flood, not from registrations.",
        ),
        (
            displacement.floods is not None and bool(law.flood_movechances or law.flood_loc_weights),
            "La gente deja antes los lugares inundados y los evita al elegir camino.",
            "People leave flooded places sooner and avoid them when they choose a way.",
        ),
        (
            displacement.floods is not None and law.flood_forecast_days > 0,
            "Parte de la gente tiene en cuenta el pronóstico de inundaciones, supuesto sin error.",
            "Part of the people heed a flood forecast, which is taken to be right.",
        ),
        (
            law.asks_age or law.asks_gender,
            "Se supone que la edad o el género cambian cuánto se evita el peligro.",
            "Age or gender are assumed to change how much people avoid danger.",
        ),
        (
            matched,
            "Se supone que la gente prefiere lugares donde ya hay personas de su grupo.",
            "People are assumed to prefer places where others of their group already are.",
        ),
        (
            displacement.hunger is not None,
            "La falta de alimentos por región cambia quién sale o adónde va.",
            "Hunger by region changes who leaves or where people go.",
        ),
        (
            bool(law.harvest_months),
            "En los meses de cosecha "
            + ("los agricultores" if displacement.farmers is not None and not law.compat else "todos")
            + " se quedan donde están.",
            "In harvest months "
            + ("farmers" if displacement.farmers is not None and not law.compat else "all people")
            + " stay where they are.",
        ),
        (
            law.use_economic_pull,
            "Los lugares del extranjero atraen según su economía.",
            "Places abroad attract people by their economy.",
        ),
        (
            displacement.sinks is not None and not law.compat,
            "Parte de quienes llegan a un campamento se queda en él para siempre.",
            "Part of those who reach a camp stay in it for good.",
        ),
        (
            bool(displacement.role_changes),
            "Algunos lugares cambian de tipo en fechas dadas.",
            "Some places change their type on given dates.",
        ),
    )
    return tuple(f"{spanish} / {english}" for is_used, spanish, english in told if is_used)
