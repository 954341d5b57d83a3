"""Who can bring what: `supplies.csv`, `carriers.csv` and `requests.csv` of a scenario folder.

They are read beside the scenario and not as a part of it: no forecast depends on them, so a slip of the pen
in a parish's offer must not keep a forecast from being made in the evening, and an offer more must not make
what was computed look out of date. The gate of time is `Logistics.known_by`.
"""

from safepassage.adapters.logistics.reading import Ledger as Ledger
from safepassage.adapters.logistics.reading import has_files as has_files
from safepassage.adapters.logistics.reading import read as read
from safepassage.adapters.logistics.reading import read_ledger as read_ledger
from safepassage.adapters.logistics.vocabulary import Catalogue as Catalogue
from safepassage.adapters.logistics.vocabulary import catalogue as catalogue
from safepassage.adapters.logistics.writing import logistics_texts as logistics_texts
