"""One printable page for each town that people may come to, and the list of those pages."""
