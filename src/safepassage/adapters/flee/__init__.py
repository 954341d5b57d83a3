"""Flee's folders (input_csv, source_data, simsetting.yml), read as they are."""

from safepassage.adapters.flee.folder import is_flee_folder, read

__all__ = ["is_flee_folder", "read"]
