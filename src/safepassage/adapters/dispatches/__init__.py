"""What was answered to proposed drives: `dispatches.csv`, an append-only log that a spreadsheet opens.

A row is the state of one drive from the day on which it was `decided`; for a drive the last row decided by
the as-of date holds. Whoever plans writes its proposals in the same format, to the folder of the plan.
"""

from safepassage.adapters.dispatches.loads import load_text as load_text
from safepassage.adapters.dispatches.reading import Entry as Entry
from safepassage.adapters.dispatches.reading import Log as Log
from safepassage.adapters.dispatches.reading import read as read
from safepassage.adapters.dispatches.reading import same_drive as same_drive
from safepassage.adapters.dispatches.reading import vanished as vanished
from safepassage.adapters.dispatches.writing import dispatch_cells as dispatch_cells
from safepassage.adapters.dispatches.writing import write as write
