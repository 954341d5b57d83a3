"""A small scenario folder on a made-up network, to be read, damaged and read again."""

from __future__ import annotations

from pathlib import Path

FILES: dict[str, str] = {
    "scenario.toml": """name = "small"
title_es = "Pequeña"
title_en = "Small"
start = 2020-05-20
as_of = 2020-05-20
days = 10
seed = 7
threshold_people = 200
illustrative = [
  "Todo es inventado. / All of it is made up.",
]
sources = [
  "nobody",
]
licence = "CC0-1.0"

[law]
kind = "goal"
per_km = 0.03
""",
    "places.csv": """id,name,country,admin1,lat,lon,kind,population,capacity_people,shelter,source
uno,Santa Ana (Sur),SV,Sur,13.9883,-89.5568,city,176661,,,made up
dos,Río Dos,GT,Centro,14.301,-90.7882,town,,500,Casa del Río,made up
tres,Santa Ana (Norte),MX,Norte,15.5,-92.25,town,1200,,,made up
cuatro,Ciudad Cuatro,MX,Norte,16.25,-93.5,city,,,,made up
""",
    "links.csv": """from,to,distance_km,mode,two_way,estimated,source
uno,dos,180.5,road,true,true,made up
dos,tres,240,border_crossing,true,false,made up
tres,cuatro,190,road,false,true,made up
""",
    "groups.csv": (
        "group,name_es,name_en,origin,departs,announced,announced_basis,people_low,people_high,route_announced,source\n"
        "g1,Grupo uno,Group one,uno,2020-05-20,2020-05-20,made up,800,1500,2020-05-30,made up\n"
    ),
    "routes.csv": """group,seq,place
g1,1,uno
g1,2,dos
g1,3,tres
g1,4,cuatro
""",
    "destinations.csv": """group,place,weight,announced,announced_basis,source
g1,cuatro,0.75,2020-05-20,made up,made up
g1,tres,0.25,2020-05-22,made up,made up
""",
    "joiners.csv": """group,place,people_low,people_high,announced,announced_basis,reason,source
g1,dos,10,300,2020-05-20,made up,a guess,made up
""",
    "priors.csv": """name,shape,low,high,reason,source
walk_km_per_day,lognormal,18,45,a guess,made up
""",
    "departures.csv": """origin,date,people,destination,announced,announced_basis,source
uno,2020-05-21,120,tres,2020-05-22,assumed: next day,made up
dos,2020-05-21,30,,2020-05-22,assumed: next day,made up
""",
    "events.csv": (
        "date,until,hours,announced,announced_basis,kind,place,to_place,link_from,link_to,countries,scope,"
        "value,actor,source,note\n"
        "2020-05-22,2020-05-23,,2020-05-23,assumed: next day,closure,dos,,,,,,,a ministry,made up,\n"
        "2020-05-24,,4.5,2020-05-24,made up,roadblock,,,dos,tres,,,,a police force,made up,lifted at noon\n"
        "2020-05-25,,,2020-05-26,assumed: next day,bus_offer,dos,tres,,,,,300,a town hall,made up,\n"
        "2020-05-25,,,2020-05-26,assumed: next day,hold,,,,,GT-MX,,,a ministry,made up,\n"
        "2020-05-26,,,2020-05-27,assumed: next day,reception_refused,,,,,,the whole north,,a state,made up,\n"
    ),
    "outcomes.csv": (
        "outcome,status,country,from,until,chance_per_day_low,chance_per_day_high,announced,announced_basis,"
        "source,reason\n"
        "claimed,,MX,,,0.01,0.03,2020-05-20,made up,made up,a guess\n"
        "assisted_return,staying,,2020-05-21,2020-05-25,0.005,0.02,2020-05-26,assumed: next day,made up,\n"
        "detained,moving,MX,2020-05-22,,0,0.01,2020-05-21,made up,made up,\n"
    ),
    "reports.csv": (
        "observed,published,published_basis,place,kind,people_low,people_high,segment,quality,source,note\n"
        "2020-05-20,2020-05-21,assumed: next day,uno,position,900,1400,main,conflict,made up,\n"
        '2020-05-22,2020-05-22,made up,dos,position,1000,,main,exact,made up,"at least, they say"\n'
        "2020-05-23,2020-05-24,assumed: next day,,claims,40,40,cumulative,exact,made up,\n"
    ),
    "truth.csv": """date,place,quantity,low,high,source
2020-05-22,dos,position,,,made up
2020-05-22,dos,size,1000,1200,made up
""",
}


def small_folder(parent: Path, **changed: str | bytes | None) -> Path:
    """Write the folder; a file given by its stem ("places") has that text instead, None leaves it out."""
    path = parent / "small"
    path.mkdir()
    for file, text in FILES.items():
        content = changed.get(file.partition(".")[0], text)
        if content is not None:
            (path / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def replaced(file: str, old: str, new: str) -> dict[str, str]:
    """Give the file with one piece of text exchanged, as an argument of `small_folder`."""
    assert FILES[file].count(old) == 1, f"{old!r} must stand once in {file}"
    return {file.partition(".")[0]: FILES[file].replace(old, new)}
