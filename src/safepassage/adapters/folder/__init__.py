"""Scenario folders: read, checked, and written back unchanged.

A folder holds scenario.toml and tidy CSV tables (docs/scenario-folder.md). `read` gathers every fault and
raises once; `write` gives back every row and every column, also those that are not known here.
"""

from safepassage.adapters.folder.network_folder import read_ends as read_ends
from safepassage.adapters.folder.network_folder import read_network as read_network
from safepassage.adapters.folder.network_folder import read_pools as read_pools
from safepassage.adapters.folder.reading import is_scenario_folder as is_scenario_folder
from safepassage.adapters.folder.reading import open_builtin as open_builtin
from safepassage.adapters.folder.reading import read as read
from safepassage.adapters.folder.writing import folder_texts as folder_texts
from safepassage.adapters.folder.writing import write as write
