"""The items that aid is counted in: what they are called, in which unit, and what they weigh.

Weights in kg, loading space and shelf life are planning assumptions to load a vehicle by; whoever knows the
goods at hand writes better ones beside a supply. `Item.weight` is how much one unit short for one person-day
weighs in a plan: a person-day without water counts 10, without food 6, without a place to sleep 4, divided by
what one person needs a day. An item that no profile speaks of weighs 1.

This is the only list of items: profiles, offers, tables and plans know these and the user's own. The words
that people use for them, and the units they count in, are tables of `adapters.logistics`.
"""

from __future__ import annotations

from safepassage.core.logistics import Item

WATER, FOOD, SHELTER = "water", "food", "shelter"

# Items that speak of few and endangered people: told by place as a service to be ready for, without numbers.
GUARDED_ITEMS = frozenset({"pregnancy_care", "violence_referral", "child_protection"})

ITEMS: tuple[Item, ...] = (
    Item(WATER, "Agua", "Water", "L", 1.0, 1.0, weight=2.0),
    Item(FOOD, "Comidas listas", "Ready-to-eat meals", "meal", 0.6, 1.5, shelf_life_days=1.0, weight=2.0),
    Item(
        SHELTER,
        "Lugares para dormir",
        "Places to sleep",
        "place",
        0.0,
        0.0,
        stays=True,
        local=True,
        weight=4.0,
    ),
    Item(
        "living_space", "Superficie cubierta", "Covered living space", "m2", 0.0, 0.0, stays=True, weight=0.2
    ),
    Item("blanket", "Cobijas", "Blankets", "piece", 1.5, 8.0, weight=2.0),
    Item("clothing", "Mudas de ropa", "Sets of clothing", "set", 1.0, 6.0, weight=1.0),
    Item("toilet", "Baños", "Toilets", "piece", 90.0, 2500.0, stays=True, weight=20.0),
    Item("hygiene_kit", "Kits de higiene", "Hygiene kits", "kit", 1.5, 4.0, weight=1.0),
    Item("menstrual_kit", "Kits de higiene menstrual", "Menstrual hygiene kits", "kit", 0.4, 2.0, weight=1.5),
    Item("baby_food", "Comida para bebé", "Baby food", "portion", 0.2, 0.3, weight=3.0),
    Item("medical", "Consultas médicas", "Medical consultations", "consultation", 0.0, 0.0, weight=6.0),
    Item("ors", "Sobres de suero oral", "Oral rehydration sachets", "sachet", 0.025, 0.05, weight=1.5),
    Item("foot_care", "Curaciones de pies", "Foot care", "treatment", 0.1, 0.3, weight=1.5),
    Item("charging", "Cargas de celular", "Phone charges", "charge", 0.0, 0.0, local=True, weight=0.3),
    Item("transport", "Asientos de transporte", "Transport seats", "seat", 0.0, 0.0, weight=1.5),
    Item("pregnancy_care", "Atención del embarazo", "Pregnancy care", "consultation", 0.0, 0.0, weight=6.0),
    Item(
        "violence_referral",
        "Atención por violencia",
        "Care of survivors of violence",
        "case",
        0.0,
        0.0,
        weight=10.0,
    ),
    Item(
        "child_protection",
        "Cuidado de niñez no acompañada",
        "Care of unaccompanied children",
        "case",
        0.0,
        0.0,
        local=True,
        weight=10.0,
    ),
    Item("family_links", "Contacto con la familia", "Family links", "contact", 0.0, 0.0, weight=0.5),
    Item("legal_information", "Orientación legal", "Legal information", "consultation", 0.0, 0.0, weight=0.5),
    # What people offer though no profile that ships speaks of it.
    Item("dry_food", "Alimentos secos", "Dry food", "kg", 1.0, 1.5),
    Item("food_parcel", "Despensas", "Food parcels", "parcel", 10.0, 20.0),
    Item("mat", "Colchonetas", "Sleeping mats", "piece", 1.5, 20.0),
    Item("shoes", "Zapatos", "Shoes", "pair", 0.8, 5.0),
    Item("tent", "Carpas", "Tents", "piece", 6.0, 30.0),
    Item("infant_formula", "Fórmula para bebé", "Infant formula", "tin", 0.9, 1.5),
    Item("diaper", "Pañales", "Diapers", "pack", 1.5, 8.0),
    Item("first_aid", "Primeros auxilios", "First aid", "person", 0.2, 0.5),
    Item("medicines", "Medicinas", "Medicines", "kg", 1.0, 3.0),
    Item("shower", "Regaderas", "Showers", "piece", 40.0, 1500.0, stays=True),
)

# Units in words: one and many, Spanish and English.
UNIT_WORDS: dict[str, tuple[str, str, str, str]] = {
    "L": ("L", "L", "L", "L"),
    "kg": ("kg", "kg", "kg", "kg"),
    "m2": ("m²", "m²", "m²", "m²"),
    "meal": ("comida", "comidas", "meal", "meals"),
    "place": ("lugar", "lugares", "place", "places"),
    "piece": ("pieza", "piezas", "piece", "pieces"),
    "set": ("muda", "mudas", "set", "sets"),
    "kit": ("kit", "kits", "kit", "kits"),
    "portion": ("porción", "porciones", "portion", "portions"),
    "consultation": ("consulta", "consultas", "consultation", "consultations"),
    "sachet": ("sobre", "sobres", "sachet", "sachets"),
    "treatment": ("curación", "curaciones", "treatment", "treatments"),
    "charge": ("carga", "cargas", "charge", "charges"),
    "seat": ("asiento", "asientos", "seat", "seats"),
    "case": ("caso", "casos", "case", "cases"),
    "contact": ("contacto", "contactos", "contact", "contacts"),
    "parcel": ("despensa", "despensas", "parcel", "parcels"),
    "pair": ("par", "pares", "pair", "pairs"),
    "tin": ("lata", "latas", "tin", "tins"),
    "pack": ("paquete", "paquetes", "pack", "packs"),
    "person": ("persona", "personas", "person", "people"),
}


# Units that measure and do not count: "10 water" says nothing, "10 blankets" does.
MEASURED_UNITS = frozenset(("L", "kg", "m2"))


def items_by_id(more: tuple[Item, ...] = ()) -> dict[str, Item]:
    """Give every item by its id: the built-in ones, and those of a user, which come first."""
    return {item.id: item for item in (*ITEMS, *more)}


def unit_word(unit: str, quantity: float, lang: str) -> str:
    """Say a unit for a quantity in "es" or "en"; a unit of a user's own as it is written."""
    words = UNIT_WORDS.get(unit)
    if words is None:
        return unit
    one, many = words[:2] if lang == "es" else words[2:]
    return one if quantity == 1 else many


def counted_in(item: Item, quantity: float, lang: str) -> str:
    """Say in what an item is counted: pieces by their own name, "cobijas" and not "piezas"."""
    if item.unit != "piece":
        return unit_word(item.unit, quantity, lang)
    return (item.name_es if lang == "es" else item.name_en).lower()
