"""Offers in one line, as parishes, town halls and delegations write them, in Spanish or English, to figures.

`read_line` is rules over words, no model: numbers with the nouns behind them, days and hours, the town, and
who offers. What is not understood is given back as it was written, and nothing is guessed in silence.
"""

from safepassage.adapters.offers.quantities import quantity_of as quantity_of
from safepassage.adapters.offers.reading import Understood as Understood
from safepassage.adapters.offers.reading import read_line as read_line
