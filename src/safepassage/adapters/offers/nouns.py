"""The numbers of a line, and the nouns that stand behind or before them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from safepassage.adapters.logistics.vocabulary import Catalogue, Unit, Vehicle
from safepassage.adapters.offers.numbers import ARTICLES, number_at
from safepassage.adapters.offers.tokens import Words
from safepassage.core.logistics import Item

FILLERS = frozenset(
    "de del d of the la el los las unos unas algunos some about approx aprox aproximadamente mas otros otras "
    "cada uno una each con with para for por potable purificada embotellada limpia clean bottled "
    "drinking purified "
    "caliente calientes hot warm nuevo nuevos nueva nuevas new usada usado grandes grande chica chico "
    "chicas chicos small large "
    "preparadas preparados listas listos ready cooked full lleno llena llenas gratis free propia propio own "
    "their its su sus up to hasta al in en extra infantil bebe baby para tipo buen estado dry".split()
)
_BREAKS = frozenset(", ; . + & ( ) : / ! ? y and e plus ademas tambien also".split())
_CARRIED_IN = frozenset("en in on by con with".split())
LONGEST_PHRASE = 6
_MOST_STRANGE = 2  # words between a number and its noun


@dataclass(frozen=True)
class Chunk:
    """A number and the words that may be its noun: tokens from `start`, words from `behind` to `end`."""

    value: float
    start: int
    behind: int
    end: int


@dataclass(frozen=True)
class Named:
    """The nouns found in a stretch of words; None where there is none."""

    unit: tuple[Unit, ...] | None = None
    unit_word: str = ""
    item: Item | None = None
    vehicle: Vehicle | None = None
    unit_at: int = -1
    vehicle_at: int = -1
    tokens: tuple[int, ...] = ()


def _with(found: Named, noun: Named, stretch: range) -> Named:
    """Add a noun to those that were found; of each kind the first one holds."""
    tokens = (*found.tokens, *stretch)
    if noun.vehicle is not None and found.vehicle is None:
        return replace(found, vehicle=noun.vehicle, vehicle_at=noun.vehicle_at, tokens=tokens)
    if noun.unit is not None and found.unit is None:
        return replace(found, unit=noun.unit, unit_word=noun.unit_word, unit_at=noun.unit_at, tokens=tokens)
    if noun.item is not None and found.item is None:
        return replace(found, item=noun.item, tokens=tokens)
    return replace(found, tokens=tokens)


class NounFinder:
    """Finds what the numbers of a line count; marks nothing."""

    def __init__(self, words: Words, known: Catalogue) -> None:
        self.words = words
        self.known = known

    def chunks(self) -> Iterator[Chunk]:
        """Give every number that counts something, with the words up to the next break or number."""
        k, tokens = 0, self.words.tokens
        while k < len(tokens):
            found = number_at(self.words, k) if k not in self.words.used else None
            if found is None or (tokens[k].word in ARTICLES and not self._counts(*found, k)):
                k += 1
                continue
            value, behind = found
            end = behind
            while end < len(tokens) and not self._ends(end, behind):
                end += 1
            yield Chunk(value, k, behind, end)
            k = behind

    def _counts(self, value: float, behind: int, start: int) -> bool:
        """Tell an article that counts ("una camioneta") from one that does not ("una parroquia")."""
        if value != 1.0 or behind > start + 1:
            return True
        named = self.named(range(behind, min(behind + 3, len(self.words.tokens))))
        return (named.vehicle is not None or named.unit is not None) and named.tokens[0] <= behind + 1

    def _ends(self, k: int, behind: int) -> bool:
        word = self.words.tokens[k].word
        if k in self.words.used or word in _BREAKS:
            return True
        if k == behind:
            return False
        return self._counts(1.0, k + 1, k) if word in ARTICLES else number_at(self.words, k) is not None

    def named(self, stretch: range) -> Named:
        """Find the longest words for units, items and vehicles, near to one another, in a stretch."""
        found, k, strange = Named(), stretch.start, 0
        while k < stretch.stop:
            length, noun = self.noun(k, stretch.stop)
            if length:
                found = _with(found, noun, range(k, k + length))
            elif found.tokens and self.words.tokens[k].word in _CARRIED_IN:
                break  # "2,000 litros en una pipa"
            elif self.words.tokens[k].word not in FILLERS | {"-"}:
                strange += 1
                if found.tokens or strange > _MOST_STRANGE:
                    break
            k += length or 1
        return found

    def noun(self, k: int, stop: int) -> tuple[int, Named]:
        """Give the length of the noun that begins at a token, 0 for none, and what it is."""
        for length in range(min(LONGEST_PHRASE, stop - k), 0, -1):
            if not self.words.is_free(range(k, k + length)):
                continue
            phrase = " ".join(token.word for token in self.words.tokens[k : k + length])
            if phrase in self.known.vehicle_words:
                return length, Named(vehicle=self.known.vehicle_words[phrase], vehicle_at=k)
            if phrase in self.known.item_words:
                return length, Named(item=self.known.by_id[self.known.item_words[phrase]])
            if phrase in self.known.unit_words:
                return length, Named(unit=self.known.unit_words[phrase], unit_word=phrase, unit_at=k)
        return 0, Named()

    def before(self, start: int) -> Named:
        """Find the item right before a number ("albergue para 350 personas", "ropa 40 bolsas")."""
        k = start
        while (
            k > 0
            and k - 1 not in self.words.used
            and (self.words.tokens[k - 1].word in FILLERS or self.words.tokens[k - 1].word == ":")
        ):
            k -= 1
        for length in range(min(LONGEST_PHRASE, k), 0, -1):
            stretch = range(k - length, k)
            if not self.words.is_free(stretch):
                continue
            size, found = self.noun(k - length, k)
            if size == length and found.item is not None:
                return replace(found, tokens=tuple(stretch))
        return Named()
