"""The printed and clickable face of a forecast: report, map, fans, and their words in two languages."""
