"""Who offers, and in which town: the words before the goods, and the names of the network's places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from safepassage.adapters.offers.numbers import ARTICLES
from safepassage.adapters.offers.tokens import Words
from safepassage.core.gazetteer import fold
from safepassage.core.network import Places

VERBS = frozenset(
    "ofrece ofrecen ofrecemos puede pueden podemos dar dona donan donamos tiene tienen tenemos hay pone "
    "ponen ponemos "
    "manda mandan mandamos envia envian enviamos lleva llevan llevamos llevar trae aporta aportan "
    "aportamos presta "
    "prestan prepara preparan preparamos cocina cocinan cocinamos sale salen cuenta cuentan da dan damos "
    "entrega "
    "entregan entregamos reparte podra regala regalan apoya apoyamos apoyan "
    "offers offer offering can has have gives give will donates donate brings bring sends send lends "
    "lend provides "
    "provide is are cooks cook could wants want would serves serve prepares loans opens open abre abren "
    "abrimos instala instalan apoyar ayudar".split()
)
_OPENING = frozenset(
    "la el los las the we us at somos desde from de parte nosotros hola buenas buenos tardes dias noches "
    "hello hi "
    "good morning afternoon evening here aqui en in on behalf of a le les que por favor please dear".split()
)
_STAFF = re.compile(
    r"^(?:brigadas? medicas?|doctors|doctores|medicos|voluntarios|volunteers|enfermeras|nurses|equipo|"
    r"team|staff|"
    r"personal)(?: (?:de|del|of|from))?(?: (?:la|el|las|los|the|our))? "
)
_BRANCH = frozenset("delegacion delegation branch chapter sede capitulo sucursal filial".split())
_PREPOSITIONS = frozenset("en in at desde from".split())
_TOWARDS = frozenset("para hacia to towards rumbo".split())
_ORGANISATIONS = frozenset(
    "parroquia parroquias iglesia templo diocesis ayuntamiento municipio presidencia municipal cruz roja "
    "delegacion "
    "comite albergue casa migrante dif bomberos proteccion civil caritas rotarios leones club escuela "
    "universidad "
    "secretaria salud gobierno estado empresa transportistas mercado cooperativa fundacion asociacion "
    "vecinos brigada "
    "parish church diocese municipality town hall council city government red cross civil protection shelter "
    "committee school university hospital clinic company foundation association rotary lions neighbours "
    "farmers "
    "fire department brigade market union".split()
)
HOLDER_WORDS = VERBS | _ORGANISATIONS | _BRANCH
_STOPS = frozenset(": ; ( - . ! ?".split())
_SHORT = frozenset("st sta sto ntra sra srta av col".split())
SHORTEST_ALIAS = 6
_CLOSE = 0.85
_LONGEST_NAME = 6
# Given names and surnames that are a part of a town's name do not tell the town.
_NO_ALIAS = frozenset(
    "rodriguez carranza morelos victoria antonio miguel pedro domingo matias alvaro aleman".split()
)


@dataclass(frozen=True)
class Town:
    """A place that a line names.

    Parameters
    ----------
    places : tuple of int   positions in `Places`; more than one where the name does not tell.
    tokens : range          where.
    near : bool             read from a part of the name, or from a slip of the pen.
    """

    places: tuple[int, ...]
    tokens: range
    near: bool = False


class Towns:
    """The names of a network's places, as people shorten them."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.names: dict[str, tuple[int, ...]] = {}
        short: dict[str, tuple[int, ...]] = {}
        for i, (key, name) in enumerate(zip(places.ids, places.names, strict=True)):
            bare = fold(re.sub(r"\(.*?\)", "", name))
            for text in {fold(key), fold(name), bare} - {""}:
                self.names[text] = (*self.names.get(text, ()), i)
            for word in set(bare.split()):
                short[word] = (*short.get(word, ()), i)
        self.aliases = {
            word: found[0]
            for word, found in short.items()
            if len(found) == 1
            and len(word) >= SHORTEST_ALIAS
            and word not in self.names
            and word not in _NO_ALIAS
        }
        self.words = frozenset(word for name in self.names for word in name.split())

    def at(self, words: Words, k: int) -> Town | None:
        """Give the longest name that begins at a token."""
        for length in range(_LONGEST_NAME, 0, -1):
            stretch = range(k, k + length)
            if stretch.stop > len(words.tokens) or not words.is_free(stretch):
                continue
            name = " ".join(words.tokens[n].word for n in stretch)
            if name in self.names:
                return Town(self.names[name], stretch)
        return None

    def all_in(self, words: Words, stretch: Iterable[int]) -> list[Town]:
        """Give every name in a stretch, none inside another."""
        found: list[Town] = []
        for k in stretch:
            if found and k < found[-1].tokens.stop:
                continue
            town = self.at(words, k)
            if town is not None:
                found.append(town)
        return found

    def short_behind(self, words: Words, stretch: Iterable[int]) -> list[Town]:
        """Give the towns that are told by a part of their name behind "in"."""
        return [
            Town((self.aliases[words.tokens[k].word],), range(k, k + 1), near=True)
            for k in stretch
            if k not in words.used
            and words.tokens[k].word in self.aliases
            and words.tokens[k - 1].word in _PREPOSITIONS
        ]

    def near_in(self, words: Words, stretch: Iterable[int]) -> Town | None:
        """Give a town that is told by a part of its name, or with a slip of the pen."""
        free = [k for k in stretch if k not in words.used and words.tokens[k].word.isalpha()]
        for k in free:
            if words.tokens[k].word in self.aliases:
                return Town((self.aliases[words.tokens[k].word],), range(k, k + 1), near=True)
        for length in (3, 2, 1):
            for k in free:
                name = " ".join(token.word for token in words.tokens[k : k + length])
                if len(name) < SHORTEST_ALIAS or words.tokens[k].word in HOLDER_WORDS:
                    continue
                close = get_close_matches(name, list(self.names), n=1, cutoff=_CLOSE)
                if close and len(close[0].split()) == length:
                    return Town(self.names[close[0]], range(k, k + length), near=True)
        return None


@dataclass(frozen=True)
class Holder:
    """Who offers, and where.

    Parameters
    ----------
    name : str          as it stands in the line.
    town : Town or None
    near : bool         the town was read from a part of its name or from a slip of the pen.
    towards : tuple of str      names of towns that the goods are meant for, which an offer does not decide.
    towns : tuple of str        all towns named as where it is, where there are several.
    """

    name: str
    town: Town | None
    towards: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()


def holder_in(words: Words, towns: Towns, *, goods_at: int) -> Holder:
    """Read who offers and where, and mark the words as understood.

    Parameters
    ----------
    goods_at : int      first token of the first good or vehicle; the end of the line where there is none.
    """
    start, end = _stretch(words, towns, goods_at)
    inside = range(start, end)
    named = towns.all_in(words, inside)
    elsewhere = towns.all_in(words, range(end, len(words.tokens)))
    towards = [town for town in elsewhere if _behind(words, town, _TOWARDS)]
    here = [town for town in elsewhere if town not in towards]
    stands = [town for town in here if _behind(words, town, _PREPOSITIONS)]
    stands = stands or towns.short_behind(words, range(end, len(words.tokens)))
    told = [*stands[:1], *named[-1:], *here[:1]]
    town = told[0] if told else towns.near_in(words, inside)
    town = town or towns.near_in(words, range(end, len(words.tokens)))
    name = _name(words, inside, town)
    words.take(range(0, end))
    if all(word in VERBS | _OPENING for word in fold(name).split()):
        name = _named_behind(words, end)
    for other in (*here, *towards, *([town] if town else [])):
        words.take(range(max(0, other.tokens.start - 1), other.tokens.stop))
    meant = tuple(words.text(one.tokens) for one in towards)
    all_towns = dict.fromkeys(one.places[0] for one in (*named, *here))
    several = tuple(towns.places.names[place] for place in all_towns) if len(all_towns) > 1 else ()
    return Holder(name, town, meant, several)


def _named_behind(words: Words, start: int) -> str:
    """Give a holder that is named behind the goods ("3 vans in Querétaro, Rotary Club"); '' for none."""
    for k in range(start, len(words.tokens)):
        if k in words.used or words.tokens[k].word not in _ORGANISATIONS:
            continue
        end = k
        while (
            end < len(words.tokens) and end not in words.used and words.tokens[end].word not in _STOPS | {","}
        ):
            end += 1
        words.take(range(k, end))
        return words.text(range(k, end))
    return ""


def _stretch(words: Words, towns: Towns, goods_at: int) -> tuple[int, int]:
    """Give where the words of the holder begin and end."""
    start = 0
    while start < goods_at and (
        words.tokens[start].word in _OPENING | {",", "!", "."} or start in words.used
    ):
        start += 1
    end = start
    while end < goods_at and end not in words.used:
        word = words.tokens[end].word
        if (word in VERBS and end > start) or (word in _STOPS and not _is_short(words, end)):
            break
        if (word[0].isdigit() and words.tokens[end - 1].word not in ("la", "el")) or (
            word == "," and not _goes_on(words, towns, end, goods_at)
        ):
            break
        end += 1
    while end > start and words.tokens[end - 1].word in _OPENING | ARTICLES | {
        ",",
        "con",
        "with",
        "unos",
        "unas",
        "y",
        "and",
        "we",
    }:
        end -= 1
    return start, end


def _is_short(words: Words, stop: int) -> bool:
    """Tell the point behind "St." or "Sta." from the end of a sentence."""
    return words.tokens[stop].word == "." and stop > 0 and words.tokens[stop - 1].word in _SHORT


def _goes_on(words: Words, towns: Towns, comma: int, goods_at: int) -> bool:
    """Tell whether a town or a branch behind a comma still belongs to who offers."""
    if words.tokens[comma].word != ",":
        return False
    k = comma + 1
    while k < goods_at and words.tokens[k].word in ("de", "of", "la", "the", "en", "in"):
        k += 1
    if k >= goods_at:
        return False
    if words.tokens[k].word in _BRANCH:
        return True
    return towns.at(words, k) is not None


def _name(words: Words, inside: range, town: Town | None) -> str:
    """Give the holder's name: staff before it and the town behind "in" are left out where enough remains."""
    start, end = inside.start, inside.stop
    plain = " ".join(token.word for token in words.tokens[start:end])
    if staff := _STAFF.match(plain + " "):
        skipped = len(staff[0].split())
        start = start + skipped if start + skipped < end else start
    if town is not None and town.tokens.stop == end and town.tokens.start > start:
        before = town.tokens.start - 1
        if words.tokens[before].word in _PREPOSITIONS and before - start >= 2:
            end = before
    return words.text(range(start, end)).strip(" ,.;:")


def _behind(words: Words, town: Town, prepositions: frozenset[str]) -> bool:
    before = town.tokens.start - 1
    return before >= 0 and words.tokens[before].word in prepositions
