"""The local law of movement (Flee's): leave with a chance by kind of place, then weigh the paths at hand.

Suleimenova, Bell & Groen 2017, doi:10.1038/s41598-017-13828-9, rule set of Flee 3. The formulas stand
in `engines.local_rules`; this is only the numbers they take.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True)
class LocalLaw:
    """Numbers of the local law, with Flee's defaults.

    Parameters
    ----------
    max_move_speed_km_per_day : float   furthest anybody gets in one day.
    max_walk_speed_km_per_day : float   the same on foot.
    foreign_weight, camp_weight, conflict_weight : float    factors on the score of a place.
    conflict_movechance, camp_movechance, idpcamp_movechance, default_movechance : float
        chance per day to leave, by kind of place; forwarding hubs and markers have 1.
    movechance_pop_base, movechance_pop_scale_factor : float    ``(size / base) ** factor`` on that chance.
    awareness_level : int               links that people look ahead; 0: only the length of the road counts,
        -1: nothing does.
    softening_km, weight_softening, distance_power, weight_power : float
        weight of a path: ``((weight_softening + score) / (softening + km)**distance_power)**weight_power``.
    pruning_threshold : float           paths that weigh less than the best by this factor drop out; 1: none.
    capacity_buffer, capacity_scaling : float   a camp counts as filling above this share of its room.
    avoid_short_stints : bool           nobody breaks the journey in a town after less than a full day's way.
    start_on_foot : bool                the first link is walked.
    stay_close_to_home : bool           far places weigh less, by ``1 / max(1, km) ** home_distance_power``.
    home_distance_power : float
    use_pop_for_loc_weight : bool       towns weigh by ``max(1, population) ** pop_power_for_loc_weight``.
    pop_power_for_loc_weight : float
    conflict_spawn_decay : tuple of float   factor on an old conflict, one per interval; empty: no decay.
    conflict_spawn_decay_interval_days : int
    take_from_population : bool         whoever leaves is no longer there to leave again.
    children_avoid_hazards, elderly_avoid_hazards, women_avoid_hazards : bool
        people below 19, above 59, women: the score of a place counts squared.
    boys_take_risk : bool               for boys of 15 to 18 every place has a score of 1.
    match_camp_ethnicity, match_town_ethnicity, match_conflict_ethnicity, match_camp_religion : bool
        people favour places of that kind where more of those there are of their own group.
    avg_religion_fraction : float       share of one's own religion at which a camp is as good as any.
    use_economic_pull : bool            places abroad score ``1 + trade_volume + hdi ** 2`` in place of 1.
    harvest_months : tuple of int       calendar months in which farmers stay where they are.
    flee_when_starving : bool           hunger raises the chance to leave: ``f + (1 - f) * chance``.
    starvation_driven_spawning : bool   hunger adds to the weight of a place as an origin.
    avoid_food_deprived_locations : bool    hungry places of the home country score ``1 - f ** 2`` of theirs.
    conflict_zone_spawning_only : bool  nobody sets out from where there is no conflict.
    flood_movechances : tuple of float  chance to leave by level of flood; empty: floods change nothing.
    flood_loc_weights : tuple of float  factor on the score by level of flood.
    flood_forecast_days : int           days people look ahead; 0: nobody knows the forecast.
    flood_forecast_end_day : int        last day that a forecast tells of.
    flood_forecast_weights : tuple of float     weight of each day ahead, the first is today.
    flood_awareness_weights : tuple of float    how much each level of awareness heeds the forecast.
    fixed_routes : bool                 only the shortest path to each destination is weighed.
    camps_are_sinks : bool              camps hold people back by their `sinks` (see `Displacement`).
    compat : bool                       do what Flee's code does, not what its documentation says.
    """

    max_move_speed_km_per_day: float = 360.0
    max_walk_speed_km_per_day: float = 35.0
    foreign_weight: float = 1.0
    camp_weight: float = 1.0
    conflict_weight: float = 1.0 / sqrt(10.0)
    conflict_movechance: float = 1.0
    camp_movechance: float = 0.001
    idpcamp_movechance: float = 0.1
    default_movechance: float = 0.3
    movechance_pop_base: float = 10000.0
    movechance_pop_scale_factor: float = 0.0
    awareness_level: int = 1
    softening_km: float = 10.0
    weight_softening: float = 0.0
    distance_power: float = 1.0
    weight_power: float = 1.0
    pruning_threshold: float = 1.0
    capacity_buffer: float = 0.9
    capacity_scaling: float = 1.0
    avoid_short_stints: bool = False
    start_on_foot: bool = False
    stay_close_to_home: bool = False
    home_distance_power: float = 0.5
    use_pop_for_loc_weight: bool = False
    pop_power_for_loc_weight: float = 0.1
    conflict_spawn_decay: tuple[float, ...] = ()
    conflict_spawn_decay_interval_days: int = 30
    take_from_population: bool = False
    children_avoid_hazards: bool = False
    elderly_avoid_hazards: bool = False
    women_avoid_hazards: bool = False
    boys_take_risk: bool = False
    match_camp_ethnicity: bool = False
    match_town_ethnicity: bool = False
    match_conflict_ethnicity: bool = False
    match_camp_religion: bool = False
    avg_religion_fraction: float = 0.25
    use_economic_pull: bool = False
    harvest_months: tuple[int, ...] = ()
    flee_when_starving: bool = False
    starvation_driven_spawning: bool = False
    avoid_food_deprived_locations: bool = False
    conflict_zone_spawning_only: bool = True
    flood_movechances: tuple[float, ...] = ()
    flood_loc_weights: tuple[float, ...] = ()
    flood_forecast_days: int = 0
    flood_forecast_end_day: int = 0
    flood_forecast_weights: tuple[float, ...] = ()
    flood_awareness_weights: tuple[float, ...] = ()
    fixed_routes: bool = False
    camps_are_sinks: bool = False
    compat: bool = False

    @property
    def matches_ethnicity(self) -> bool:
        """Tell whether people favour places with their own ethnic group."""
        return self.match_camp_ethnicity or self.match_town_ethnicity or self.match_conflict_ethnicity

    @property
    def asks_age(self) -> bool:
        """Tell whether some rule asks how old people are."""
        return self.children_avoid_hazards or self.elderly_avoid_hazards or self.boys_take_risk

    @property
    def asks_gender(self) -> bool:
        """Tell whether some rule asks for women or men."""
        return self.women_avoid_hazards or self.boys_take_risk
