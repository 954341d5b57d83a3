"""The reports of a scenario, kept in its own SQLite file: proposed, accepted or rejected, by place ids.

The store is the last gate: what no file of ours may hold is refused here, whoever hands it over. It keeps no
submitter, no device and no time finer than a day.
"""

from safepassage.adapters.report_store.rows import STATUSES as STATUSES
from safepassage.adapters.report_store.rows import Entry as Entry
from safepassage.adapters.report_store.store import STORE_FILE as STORE_FILE
from safepassage.adapters.report_store.store import Added as Added
from safepassage.adapters.report_store.store import Believed as Believed
from safepassage.adapters.report_store.store import ReportStore as ReportStore
