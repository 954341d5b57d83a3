"""News text in Spanish or English, read by rules and word tables into proposed reports.

Nothing is downloaded and nothing is learned: every rule stands in this package, and what it reads rightly
and wrongly is measured on sentences written by hand (`docs/how-to/news.md`).
"""

from __future__ import annotations

from safepassage.adapters.news.plain import MOST_WITH_TAGS, checked, decode
from safepassage.adapters.news.reading import Circumstances, Reading, publication_in, read_article

__all__ = [
    "MOST_WITH_TAGS",
    "Circumstances",
    "Reading",
    "checked",
    "decode",
    "publication_in",
    "read_article",
]
