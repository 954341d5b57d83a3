"""Lessons as files: one JSON per family, beside this module those that ship with the package."""

from safepassage.adapters.learned.files import read_lessons, shipped, write_lessons

__all__ = ["read_lessons", "shipped", "write_lessons"]
