"""Profiles of needs as CSV files that people copy and edit; what ships, and how they are read."""

from __future__ import annotations

from safepassage.adapters.profiles.reading import default_shares as default_shares
from safepassage.adapters.profiles.reading import profile_names as profile_names
from safepassage.adapters.profiles.reading import profile_text as profile_text
from safepassage.adapters.profiles.reading import read_profile as read_profile
