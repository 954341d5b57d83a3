"""The page on how good forecasts were: one file, in two languages, that opens without a network."""

from safepassage.adapters.scores_page.page import scores_html as scores_html
from safepassage.adapters.scores_page.values import AblationShown as AblationShown
from safepassage.adapters.scores_page.values import Beside as Beside
from safepassage.adapters.scores_page.values import Calibration as Calibration
from safepassage.adapters.scores_page.values import CaseShown as CaseShown
from safepassage.adapters.scores_page.values import Chances as Chances
from safepassage.adapters.scores_page.values import Change as Change
from safepassage.adapters.scores_page.values import CompactTable as CompactTable
from safepassage.adapters.scores_page.values import Point as Point
from safepassage.adapters.scores_page.values import ScoresShown as ScoresShown
from safepassage.adapters.scores_page.values import Summary as Summary
