"""A forecast as tables: one tidy frame, a workbook for people, and places for a map program."""
