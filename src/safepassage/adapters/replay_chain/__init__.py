"""The manifest of a replay: one line per evening, each bound to the one before it, checked with sha256sum."""

from __future__ import annotations

from safepassage.adapters.replay_chain.articles import Article, articles_in
from safepassage.adapters.replay_chain.chain import CHAIN_FILE, SUMS_FILE, Chain, Seal, canonical, digest
from safepassage.adapters.replay_chain.checking import checked

__all__ = [
    "CHAIN_FILE",
    "SUMS_FILE",
    "Article",
    "Chain",
    "Seal",
    "articles_in",
    "canonical",
    "checked",
    "digest",
]
