"""What an offer holds: numbers with the nouns behind them, or before them, as goods and vehicles."""

from __future__ import annotations

from dataclasses import dataclass, replace

from safepassage.adapters.logistics.vocabulary import Catalogue, Vehicle
from safepassage.adapters.offers.nouns import FILLERS, Chunk, Named, NounFinder
from safepassage.adapters.offers.numbers import number_at
from safepassage.adapters.offers.tokens import Words
from safepassage.core.logistics import Item

PEOPLE = frozenset("personas persona gente people ppl pax persons migrantes migrants pers".split())
_NEGATIONS = frozenset("sin no without ningun ninguna".split())
WANTED = frozenset(
    "necesitamos necesita necesito faltan falta need needs require requires requerimos pedimos hacen".split()
)
_CAPACITY = {"litres": "capacity_litres", "kg": "capacity_kg", "seats": "seats"}
_SEATS = frozenset(
    "asientos asiento plazas pasajeros lugares personas seats seat passengers people seater".split()
)
_BY_STAFF = frozenset(("medical", "legal_information", "pregnancy_care"))
_MEASURED = frozenset(("L", "kg"))
_RANGE = frozenset("- a to o or hasta".split())
MOST = 1e9  # more of anything than there is on the road
_LINKS = frozenset(
    "de of con with for para ( hasta up to unos cada uno una each - approx aprox capacidad capacity c "
    "u".split()
)


@dataclass(frozen=True)
class Goods:
    """So much of an item.

    Parameters
    ----------
    item : str
    quantity : float        in the item's unit.
    words : str             as they stand in the line.
    at : int                first token.
    end : int               token behind the last.
    basis : str             what was assumed of a local unit; '' for a plain one.
    implied : bool          follows from staff or a tanker; gives way to a figure of the same item.
    count : float           how many vessels, where the words count vessels of water.
    """

    item: str
    quantity: float
    words: str
    at: int
    end: int
    basis: str = ""
    implied: bool = False
    count: float = 0.0


@dataclass(frozen=True)
class Offered:
    """Vehicles of one kind; figures that were told replace the usual ones."""

    kind: str
    count: int
    words: str
    told: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Load:
    """All goods and vehicles of a line, and what has to be asked: in Spanish and in English."""

    goods: tuple[Goods, ...]
    vehicles: tuple[Offered, ...]
    asked: tuple[str, ...]


class LoadReader:
    """Reads the goods and vehicles of a line, and marks their words as understood.

    Call `numbered`, then mark who offers, then `unnumbered`: "camioneta" alone is one, but not in the name of
    an organisation.
    """

    def __init__(self, words: Words, known: Catalogue, silent: frozenset[str] = frozenset()) -> None:
        self.words = words
        self.known = known
        self._silent = silent  # words that name no goods
        self.nouns = NounFinder(words, known)
        self.goods: list[Goods] = []
        self.vehicles: list[Offered] = []
        self.asked: list[str] = []
        self.first_token = -1  # of the first good or vehicle
        self._vehicle_end = -1  # the token behind the last vehicle

    def numbered(self) -> None:
        """Read every number that counts something."""
        for chunk in list(self.nouns.chunks()):
            if self.words.is_free(range(chunk.start, chunk.behind)):
                self._read(self._range(chunk))

    def load(self) -> Load:
        """Give what was read; what follows from staff or a tanker gives way to a figure of the same item."""
        told = {one.item for one in self.goods if not one.implied}
        goods = [one for one in self.goods if not (one.implied and one.item in told)]
        return Load(tuple(goods), tuple(self.vehicles), tuple(self.asked))

    def _read(self, chunk: Chunk) -> None:
        if self._is_negative(chunk.start):
            number = self.words.tokens[chunk.start].text
            self.asked.append(f"“-{number}” se leyó / was read as {number}")
        named = self.nouns.named(range(chunk.behind, chunk.end))
        if self._is_name(chunk, named):
            return
        if self._is_wanted(chunk.start):
            if named.tokens:
                self._take(chunk, named)
                words = self.words.text(range(chunk.start, named.tokens[-1] + 1))
                self.asked.append(
                    f"“{words}” es un pedido, va en requests.csv / is a request, it goes to requests.csv"
                )
            return
        if named.vehicle is not None and self._capacity_of_next(chunk, named):
            return
        if named.vehicle is not None:
            self._vehicle(chunk, named)
        elif self._is_capacity(chunk, named):
            self._capacity(chunk, named)
        else:
            self._good(chunk, named)

    def _is_negative(self, start: int) -> bool:
        """Tell a sign right before a figure, which may be a dash."""
        if start == 0 or self.words.tokens[start - 1].word != "-":
            return False
        sign = self.words.tokens[start - 1]
        alone = sign.start == 0 or self.words.line[sign.start - 1] in " ,;:("
        return alone and sign.end == self.words.tokens[start].start

    def _is_name(self, chunk: Chunk, named: Named) -> bool:
        """Tell the number in a name, "La 72": an article in the singular before it, and no noun behind."""
        before = self.words.tokens[chunk.start - 1].word if chunk.start else ""
        return before in ("la", "el") and chunk.value > 1 and not named.tokens

    def _is_wanted(self, start: int) -> bool:
        for k in range(max(0, start - 3), start):
            if self.words.tokens[k].word in WANTED:
                return all(token.word != "," for token in self.words.tokens[k:start])
        return False

    # Vehicles ---------------------------------------------------------------------------------------------

    def _vehicle(self, chunk: Chunk, named: Named) -> None:
        vehicle = named.vehicle
        assert vehicle is not None
        count = int(chunk.value) if chunk.value >= 1 and chunk.value == int(chunk.value) else 1
        stretch = range(chunk.start, named.tokens[-1] + 1)
        self._take(chunk, named)
        self.vehicles.append(Offered(vehicle.kind, count, self.words.text(stretch)))
        self._vehicle_end = stretch.stop
        if vehicle.kind == "tanker":
            self._water(vehicle, chunk, stretch)

    def _water(self, vehicle: Vehicle, chunk: Chunk, stretch: range) -> None:
        """A tanker that is offered comes full, unless other water is told."""
        quantity = chunk.value * vehicle.capacity_kg
        basis = f"{vehicle.capacity_kg:,.0f} L each: planning assumption"
        words = self.words.text(stretch)
        self.goods.append(Goods("water", quantity, words, stretch.start, stretch.stop, basis, implied=True))

    def _capacity_of_next(self, chunk: Chunk, named: Named) -> bool:
        """Read "one 3-ton truck": the number before the unit is what the vehicle carries."""
        if named.unit is None or named.vehicle_at < named.unit_at or named.unit_at > chunk.behind + 1:
            return False
        kind = named.unit[0].kind
        if kind not in _CAPACITY or named.unit[0].item or self._linked(named):
            return False
        count, start = 1, chunk.start
        for back in (1, 2):
            before = number_at(self.words, chunk.start - back) if chunk.start >= back else None
            if before is not None and before[1] == chunk.start:
                count, start = int(before[0]), chunk.start - back
                break
        assert named.vehicle is not None
        self.words.take(range(start, chunk.behind))
        self._take(chunk, named)
        told = ((_CAPACITY[kind], chunk.value * named.unit[0].factor),)
        stretch = range(start, named.tokens[-1] + 1)
        self.vehicles.append(Offered(named.vehicle.kind, max(count, 1), self.words.text(stretch), told))
        self._vehicle_end = stretch.stop
        return True

    def _linked(self, named: Named) -> bool:
        """Tell "2000 litros en una pipa" from "3-ton truck": words between the unit and the vehicle."""
        between = [self.words.tokens[k].word for k in range(named.unit_at + 1, named.vehicle_at)]
        return any(word not in ("-", "de", "of") for word in between)

    def _is_capacity(self, chunk: Chunk, named: Named) -> bool:
        """Tell "de 8 mil litros" behind "una pipa" from 8,000 L of their own."""
        between = [token.word for token in self.words.tokens[self._vehicle_end : chunk.start]]
        if self._vehicle_end < 0 or not between or not _LINKS.issuperset(between):
            return False
        if self._seats_word(chunk) is not None:
            return True
        if named.unit is None or named.unit[0].item or named.unit[0].kind not in _CAPACITY:
            return False
        return named.item is None or self.vehicles[-1].kind == "tanker"

    def _seats_word(self, chunk: Chunk) -> int | None:
        for k in range(chunk.behind, min(chunk.behind + 2, chunk.end)):
            if self.words.tokens[k].word in _SEATS:
                return k
        return None

    def _capacity(self, chunk: Chunk, named: Named) -> None:
        """Give the last vehicle what is told of it."""
        last = self.vehicles[-1]
        seat = self._seats_word(chunk)
        if seat is not None:
            told: tuple[str, float] = ("seats", chunk.value)
            self.words.take(range(chunk.start, seat + 1))
        else:
            assert named.unit is not None
            told = (_CAPACITY[named.unit[0].kind], chunk.value * named.unit[0].factor)
            self._take(chunk, named)
        self.vehicles[-1] = replace(last, told=(*last.told, told))
        if last.kind == "tanker" and told[0] == "capacity_litres" and self.goods and self.goods[-1].implied:
            water = self.goods[-1]
            tankers = water.quantity / self.known.vehicle_words["pipa"].capacity_kg
            self.goods[-1] = replace(water, quantity=tankers * told[1], end=named.tokens[-1] + 1, basis="")

    # Goods ------------------------------------------------------------------------------------------------

    def _good(self, chunk: Chunk, named: Named) -> None:
        if self._sizes_last(chunk, named):
            return
        before = self.nouns.before(chunk.start)
        if before.item is None and self._is_other(chunk, named):
            return  # the words are told as not understood
        people = any(
            token.word in PEOPLE
            for token in self.words.tokens[chunk.behind : min(chunk.behind + 3, chunk.end)]
        )
        item, factor, basis = self._counted(named, before.item, people)
        if item is None or factor is None:
            self._ask(chunk, named, before, people)
            return
        if not 0 < chunk.value * factor <= MOST:
            self._impossible(chunk, named)
            return
        start = min(before.tokens) if before.tokens and self._uses(before, item, named) else chunk.start
        if start < chunk.start:
            self.words.take(range(start, chunk.start))
            self._begins(start)
        end = self._take(chunk, named, people=people)
        staff = named.unit is not None and named.item is None and named.unit[0].item in _BY_STAFF
        good = Goods(
            item=item.id,
            quantity=chunk.value * factor,
            words=self.words.text(range(start, end)),
            at=start,
            end=end,
            basis=basis,
            implied=staff,
            count=chunk.value
            if item.id == "water" and named.unit is not None and named.unit[0].item
            else 0.0,
        )
        self._add(good, chunk)

    def _is_other(self, chunk: Chunk, named: Named) -> bool:
        """Tell "20 garrafones de gasolina" and "40 boxes soap", which hold nothing that is known."""
        if named.unit is None or named.item is not None or named.unit[0].item not in ("", "water"):
            return False
        linked, k = False, named.tokens[-1] + 1
        while k < chunk.end and self.words.tokens[k].word in FILLERS:
            linked = linked or self.words.tokens[k].word in ("de", "of")
            k += 1
        holds_any = len(named.unit) > 1 or not named.unit[0].item  # a box, a litre; a bottle is of water
        if k >= chunk.end or k in self.words.used or not (linked or holds_any):
            return False
        word = self.words.tokens[k].word
        return word.isalpha() and word not in self._silent | PEOPLE

    def _range(self, chunk: Chunk) -> Chunk:
        """Take "800-1000" and "entre 800 y 1000" at what is sure, and tell so."""
        k = chunk.start - 2
        if k < 0 or k in self.words.used or not self.words.is_free(range(k, chunk.behind)):
            return chunk
        between = self.words.tokens[k + 1].word
        lead = self.words.tokens[k - 1].word if k else ""
        if between not in _RANGE and not (between in ("y", "and") and lead in ("entre", "between")):
            return chunk
        low = number_at(self.words, k)
        if low is None or low[1] != k + 1 or not 0 < low[0] < chunk.value:
            return chunk
        words = self.words.text(range(k, chunk.behind))
        self.asked.append(f"“{words}”: se tomó lo seguro / what is sure was taken: {low[0]:,.6g}")
        return replace(chunk, value=low[0], start=k)

    def _impossible(self, chunk: Chunk, named: Named) -> None:
        end = self._take(chunk, named)
        words = self.words.text(range(chunk.start, end))
        self.asked.append(f"“{words}” no es una cantidad posible / is no possible quantity")

    def _sizes_last(self, chunk: Chunk, named: Named) -> bool:
        """Read "25 garrafones de 19 litros": the litres are those of one vessel."""
        if not self.goods or not self.goods[-1].count or named.unit is None or named.unit[0].kind != "litres":
            return False
        last = self.goods[-1]
        between = {token.word for token in self.words.tokens[last.end : chunk.start]}
        between.add(self.words.tokens[chunk.start - 1].word)
        if named.unit[0].item or not _LINKS.issuperset(between):
            return False
        end = self._take(chunk, named)
        words = self.words.text(range(last.at, end))
        litres = last.count * chunk.value * named.unit[0].factor
        self.goods[-1] = replace(last, quantity=litres, words=words, end=end, basis="", count=0.0)
        return True

    def _add(self, good: Goods, chunk: Chunk) -> None:
        """Keep a good; one in parentheses that repeats the last item says it better."""
        opened = chunk.start > 0 and self.words.tokens[chunk.start - 1].word == "("
        if (
            opened
            and self.goods
            and self.goods[-1].item == good.item
            and chunk.start - 1 - self.goods[-1].end <= 1
        ):
            self.goods[-1] = replace(good, at=self.goods[-1].at)
            return
        self.goods.append(good)

    def _uses(self, before: Named, item: Item, named: Named) -> bool:
        return (
            before.item is not None
            and before.item.id == item.id
            and (named.item is None or named.item.id == item.id)
        )

    def _counted(
        self, named: Named, before: Item | None, people: bool
    ) -> tuple[Item | None, float | None, str]:
        """Give the item that a chunk counts, how much of it one is, and what was assumed."""
        if named.item is not None and named.unit is None:
            return named.item, None if named.item.unit in _MEASURED else 1.0, ""
        if named.unit is not None:
            for item in filter(None, (named.item, before)):
                factor = self.known.per_unit(named.unit_word, item)
                if factor is not None:
                    return item, factor, self._basis(named.unit_word, item)
            if named.item is not None:
                return named.item, None, ""
            unit = named.unit[0]
            if unit.item:
                item = self.known.by_id[unit.item]
                return item, unit.factor, unit.basis
            if unit.kind == "litres" and before is None:
                return self.known.by_id["water"], unit.factor, ""
            return None, None, ""
        if before is not None and (people or before.unit not in _MEASURED):
            return before, None if before.unit in _MEASURED else 1.0, ""
        return None, None, ""

    def _basis(self, word: str, item: Item) -> str:
        for unit in self.known.unit_words.get(word, ()):
            if unit.item == item.id:
                return unit.basis
        return ""

    def _ask(self, chunk: Chunk, named: Named, before: Named, people: bool) -> None:
        item = named.item or before.item
        if item is None:
            return  # the words are told as not understood
        words = self.words.text(
            range(min((chunk.start, *before.tokens)), (named.tokens or (chunk.behind - 1,))[-1] + 1)
        )
        self.asked.append(f"¿cuánto en {item.unit}? / how much in {item.unit}? “{words}”")
        self._take(chunk, named, people=people)
        self.words.take(range(min((chunk.start, *before.tokens)), chunk.start))

    def _take(self, chunk: Chunk, named: Named, *, people: bool = False) -> int:
        """Mark a number, its nouns and the fillers among them; give the token behind the last."""
        self._begins(chunk.start)
        self.words.take(range(chunk.start, chunk.behind))
        self.words.used.update(named.tokens)
        end = max((chunk.behind, *(k + 1 for k in named.tokens)))
        if people:
            end = max(
                end, *(k + 1 for k in range(chunk.behind, chunk.end) if self.words.tokens[k].word in PEOPLE)
            )
        for k in range(chunk.behind, end):
            if self.words.tokens[k].word in FILLERS or self.words.tokens[k].word in PEOPLE | {"-"}:
                self.words.used.add(k)
        while end < chunk.end and self.words.tokens[end].word in FILLERS:
            self.words.used.add(end)
            end += 1
        return end

    def _begins(self, token: int) -> None:
        self.first_token = token if self.first_token < 0 else min(self.first_token, token)

    # Words without a number -------------------------------------------------------------------------------

    def unnumbered(self) -> None:
        """Take "tenemos camioneta" as one; goods named without a number are left as not understood."""
        k = 0
        while k < len(self.words.tokens):
            length, noun = self.nouns.noun(k, len(self.words.tokens))
            if length:
                self._without_number(k, length, noun)
            k += length or 1

    def _without_number(self, k: int, length: int, noun: Named) -> None:
        before = [token.word for token in self.words.tokens[max(0, k - 2) : k]]
        vehicle, item = noun.vehicle, noun.item
        if item is not None and any(good.item == item.id for good in self.goods):
            self.words.take(range(k, k + length))
        if any(word in _NEGATIONS for word in before):
            self.words.take(range(max(0, k - 2), k + length))
            return
        if vehicle is not None and self._is_one(k, length) and not self._is_wanted(k):
            self.words.take(range(k, k + length))
            self.vehicles.append(Offered(vehicle.kind, 1, self.words.text(range(k, k + length))))

    def _is_one(self, k: int, length: int) -> bool:
        word = self.words.tokens[k].word
        return not word.endswith("s") or word in ("autobus", "bus", "minibus", "microbus", "redilas")
