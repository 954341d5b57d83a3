"""The outside world's formats to core and back: folders, Flee, tables, maps and pages."""
