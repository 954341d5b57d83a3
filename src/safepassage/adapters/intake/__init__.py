"""Reports from files of others: CSV and XLSX of any layout, HXL, KoboToolbox, ODK Central.

Every format is read into rows of text by field (`filled.Filled`); rows become proposals in one place
(`proposing`). A file is told by its content. Only the fields of a report are ever taken, by an allow-list;
a column of unknown meaning is passed over and told. A row with a fault proposes nothing and is told with its
fault; a file that cannot be read at all raises one `InputError`.
"""

from safepassage.adapters.intake.proposing import SURE as SURE
from safepassage.adapters.intake.proposing import Around as Around
from safepassage.adapters.intake.reading import Intake as Intake
from safepassage.adapters.intake.reading import read_file as read_file
from safepassage.adapters.intake.whereabouts import Towns as Towns
from safepassage.adapters.intake.words import FIELDS as FIELDS
