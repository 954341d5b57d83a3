"""Words in which people count aid, in Spanish and English, and how much of an item each of them is."""

from __future__ import annotations

from dataclasses import dataclass

GARRAFON_L, PIPA_L = 20.0, 10_000.0
STAKE_TRUCK_SEATS, BUS_SEATS = 20.0, 40.0  # planning assumptions; who offers a vehicle tells its seats


@dataclass(frozen=True)
class AidWord:
    """Words that count one item.

    Parameters
    ----------
    item : str              id of an item.
    per_word : float        how many of the item's units one of them is.
    words : tuple of str    folded: no accents, lower case.
    holds_litres : bool     a vessel whose size may be told: "garrafones de 19 L".
    needs_size : bool       and must be, since it comes in many sizes.
    """

    item: str
    per_word: float
    words: tuple[str, ...]
    holds_litres: bool = False
    needs_size: bool = False


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


AID_WORDS: tuple[AidWord, ...] = (
    AidWord("water", 1.0, _words("l, lt, lts, litro, litros, liter, liters, litre, litres")),
    AidWord("water", 0.001, _words("ml, mililitro, mililitros, millilitre, millilitres, milliliters")),
    AidWord(
        "water", 1000.0, _words("m3, metro cubico, metros cubicos, cubic metre, cubic metres, cubic meters")
    ),
    AidWord("water", 3.785, _words("galon, galones, gallon, gallons")),  # US gallon, as sold in the region
    AidWord("water", GARRAFON_L, _words("garrafon, garrafones, jug, jugs, water jug, water jugs"), True),
    AidWord("water", PIPA_L, _words("pipa, pipas, tanker, tankers, water tanker, water tankers"), True),
    AidWord("water", 1.0, _words("botella, botellas, bottle, bottles, botellita, botellitas"), True, True),
    AidWord("water", 1.0, _words("bidon, bidones, jerrycan, jerrycans, cubeta, cubetas, bucket"), True, True),
    AidWord("water", 1.0, _words("tinaco, tinacos, tank, tanks, cisterna, cisternas"), True, True),
    AidWord(
        "food",
        1.0,
        _words(
            "comida, comidas, meal, meals, plato, platos, plate, plates, almuerzo, almuerzos, desayuno, "
            "desayunos, cena, cenas, lonche, lonches, lunch, lunches, breakfast, breakfasts, dinner, "
            "dinners, racion, raciones, ration, rations, torta, tortas, sandwich, sandwiches, "
            "plato de comida, platos de comida, racion de comida, raciones de comida"
        ),
    ),
    AidWord(
        "shelter",
        1.0,
        _words(
            "lugar, lugares, place, places, cama, camas, bed, beds, espacio, espacios, catre, catres, cots, "
            "lugares para dormir, places to sleep, camas para dormir, sleeping places, shelter places"
        ),
    ),
    AidWord("living_space", 1.0, _words("m2, metros cuadrados, square metres, square meters")),
    AidWord(
        "blanket",
        1.0,
        _words("cobija, cobijas, manta, mantas, frazada, frazadas, blanket, blankets, colchas"),
    ),
    AidWord(
        "clothing",
        1.0,
        _words(
            "muda, mudas, muda de ropa, mudas de ropa, cambio de ropa, cambios de ropa, set of clothing, "
            "sets of clothing, clothing sets, sets of clothes"
        ),
    ),
    AidWord(
        "toilet",
        1.0,
        _words(
            "bano, banos, sanitario, sanitarios, letrina, letrinas, toilet, toilets, latrine, latrines, "
            "bano portatil, banos portatiles, portable toilets, portable toilet, sanitarios portatiles"
        ),
    ),
    AidWord(
        "hygiene_kit",
        1.0,
        _words("kit de higiene, kits de higiene, kit de aseo, kits de aseo, hygiene kit, hygiene kits"),
    ),
    AidWord(
        "menstrual_kit",
        1.0,
        _words(
            "kit de higiene menstrual, kits de higiene menstrual, kit menstrual, kits menstruales, "
            "menstrual kit, menstrual kits, menstrual hygiene kits, menstrual hygiene kit, dignity kits, "
            "paquetes de toallas sanitarias, paquetes de toallas, packs of sanitary pads, packs of pads"
        ),
    ),
    AidWord(
        "baby_food",
        1.0,
        _words(
            "papilla, papillas, comidas para bebe, comida para bebe, porciones para bebe, "
            "comidas de bebe, portions of baby food, baby food portions, baby meals, baby foods"
        ),
    ),
    AidWord(
        "medical",
        1.0,
        _words(
            "consulta, consultas, consulta medica, consultas medicas, consultation, consultations, "
            "medical consultation, medical consultations, atenciones medicas"
        ),
    ),
    AidWord(
        "ors",
        1.0,
        _words(
            "sobre de suero, sobres de suero, sobres de suero oral, sobres de vida suero oral, sueros, "
            "suero, ors sachets, sachets of ors, sobres de electrolitos, oral rehydration sachets, ors"
        ),
    ),
    AidWord(
        "foot_care",
        1.0,
        _words("curacion de pies, curaciones de pies, foot treatments, foot care treatments, foot care"),
    ),
    AidWord("charging", 1.0, _words("cargas de celular, cargas de telefono, phone charges, phone charge")),
    AidWord(
        "transport",
        1.0,
        _words("asiento, asientos, seat, seats, pasajes, pasaje, transport seats, asientos de transporte"),
    ),
    AidWord(
        "transport",
        STAKE_TRUCK_SEATS,
        _words("camioneta de redilas, camionetas de redilas, stake truck, stake trucks, redilas"),
    ),
    AidWord(
        "transport", BUS_SEATS, _words("autobus, autobuses, camion de pasajeros, bus, buses, coach, coaches")
    ),
    AidWord(
        "legal_information",
        1.0,
        _words(
            "orientaciones legales, orientacion legal, asesorias legales, legal consultations, asesoria legal"
        ),
    ),
    AidWord(
        "family_links",
        1.0,
        _words("llamada, llamadas, llamadas a la familia, phone calls, calls, family calls"),
    ),
)
