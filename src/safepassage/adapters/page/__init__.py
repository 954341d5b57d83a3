"""The printed and clickable face of a forecast: report, map, fans, and the words for them in two languages."""
