"""Who counted, by the words of a note: officials, agencies, organisers, shelters or the press.

General rules, not by case. A clause of the note speaks for the row's figure where it gives that very figure,
holds a word of counting ("estimate", "registered"), or is little more than the name itself. Clauses that
contrast ("vs", "conflicts with") or tell who helped and not who counted are passed over. A row on which
sources conflict, or that names more than one kind, has no single counter. The address of a source counts only
where it is that of a body that counts itself: a paper's address says where it was read.
"""

from __future__ import annotations

import re

from safepassage.core.gazetteer import fold

# Words and pairs of words, as `fold` leaves them …
_WORDS = """
official    official, officials, oficial, oficiales, authorities, autoridades, government, gobierno, ministry
official    ministerio, secretaria, segob, secgob, embassy, embajada, consulate, consulado, ayuntamiento
official    town hall, civil protection, proteccion civil
agency      unhcr, acnur, unicef, ifrc, ngo, ngos, ong, ongs, red cross, cruz roja
organiser   organiser, organisers, organizer, organizers, organizadores, pueblo sin fronteras
shelter     shelter network, red de albergues, diocese, diocesis
press       press, prensa, newspaper, newspapers, outlet, outlets, journalists, reuters, milenio, la jornada
press       la times
"""
WORDS = [(line.split()[0], line.split(maxsplit=1)[1].split(", ")) for line in _WORDS.strip().splitlines()]
# … and those that are only to be known by their capitals: "un" is a Spanish article.
CAPITALS: dict[str, tuple[str, ...]] = {
    "official": ("INM", "CBP", "DHS"),
    "agency": ("UN", "ONU", "IOM", "OIM", "OCHA"),
    "press": ("AP", "AFP", "EFE", "CNN", "VOA", "NBC", "CBC", "UPI", "BBC"),
}
COUNTING = frozenset("count counted counts estimate estimated estimates registered headcount conteo".split())
PASSED_OVER = re.compile(
    r"\b(vs|versus|conflicts? with|lower than|claimed|planned|expected|assisted by|other|rejects?)\b", re.I
)
HOSTS: dict[str, re.Pattern[str]] = {
    "agency": re.compile(r"//(?:[\w-]+\.)*(?:reliefweb\.int|(?:unhcr|acnur|unicef|ifrc)\.org|iom\.int)/"),
    "official": re.compile(r"//(?:[\w-]+\.)*gob\.[a-z]{2}/|//(?:[\w-]+\.)*gov/"),
}
FEW_WORDS = 3


def counted_by(note: str, source: str, figures: tuple[str, str], quality: str) -> str:
    """Give the kind of source that counted, '' where the words do not tell one.

    Parameters
    ----------
    figures : (str, str)    lowest and highest figure of the row, as written; '' where there is none.
    quality : str           "conflict" where sources disagree.
    """
    low, high = figures
    if not low or quality == "conflict" or (high and high != low):
        return ""
    clauses = [clause for clause in note.split(";") if not PASSED_OVER.search(clause)]
    named = {kind for clause in clauses if _speaks(clause, low) for kind in _named(clause)}
    if not named:
        named = {kind for kind, hosts in HOSTS.items() if hosts.search(source)}
    return named.pop() if len(named) == 1 else ""


def _speaks(clause: str, figure: str) -> bool:
    words = fold(clause).split()
    numbers = [number for number in re.findall(r"[0-9][0-9,.]*", clause) if len(number) > 2]
    if any(re.sub(r"[,.]", "", number) == figure for number in numbers):
        return True
    return not COUNTING.isdisjoint(words) or (len(words) <= FEW_WORDS and not numbers)


def _named(clause: str) -> set[str]:
    plain = f" {fold(clause)} "
    found = {kind for kind, words in WORDS if any(f" {word} " in plain for word in words)}
    marks = set(re.findall(r"\b[A-Z]{2,5}\b", clause))
    return found | {kind for kind, words in CAPITALS.items() if not marks.isdisjoint(words)}
