from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from safepassage.core.errors import InputError
from safepassage.settings.forecast import ForecastSettings, forecast_settings


def test_defaults_give_way_to_the_file_the_environment_and_the_caller(tmp_path: Path) -> None:
    (tmp_path / "safepassage.toml").write_text("[forecast]\nmembers = 50\nseed = 3\ndays = 9\n")
    environment = {"SAFEPASSAGE_MEMBERS": "60", "SAFEPASSAGE_SEED": "4"}
    merged = forecast_settings({"members": 70, "seed": None}, folder=tmp_path, environment=environment)
    assert (merged.members, merged.seed, merged.days, merged.engine) == (70, 4, 9, None)
    assert forecast_settings({}, folder=tmp_path / "none", environment={}).members is None


def test_dates_are_read_from_words(tmp_path: Path) -> None:
    merged = forecast_settings({}, folder=tmp_path, environment={"SAFEPASSAGE_AS_OF": "2018-10-20"})
    assert merged.as_of == date(2018, 10, 20)


def test_every_fault_is_told_at_once_with_where_it_came_from(tmp_path: Path) -> None:
    (tmp_path / "safepassage.toml").write_text("[forecast]\nmembres = 50\n")
    with pytest.raises(InputError) as told:
        forecast_settings({"days": 0}, folder=tmp_path, environment={"SAFEPASSAGE_SEED": "-1"})
    where = {fault.column: fault.file for fault in told.value.faults}
    assert where == {"membres": "safepassage.toml", "days": "the call", "seed": "the environment"}


@pytest.mark.parametrize("content", ["members = ", "forecast = 3", "\xff\xfe"])
def test_a_broken_file_is_one_clear_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "safepassage.toml").write_bytes(content.encode("latin-1"))
    with pytest.raises(InputError, match=r"safepassage\.toml"):
        forecast_settings({}, folder=tmp_path, environment={})


def test_a_misspelt_variable_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="membrs"):
        forecast_settings(
            {}, folder=tmp_path, environment={"SAFEPASSAGE_MEMBRS": "3", "SAFEPASSAGE_DEBUG": "1"}
        )


def test_faults_of_settings_are_told_in_our_own_words(tmp_path: Path) -> None:
    (tmp_path / "safepassage.toml").write_text("[forecast]\nmember = 5\nseed = -1\n")
    with pytest.raises(InputError) as caught:
        forecast_settings({}, folder=tmp_path, environment={})
    assert {fault.column for fault in caught.value.faults} == {"member", "seed"}
    assert "rename it to 'members'" in str(caught.value)
    assert "extra inputs" not in str(caught.value).casefold()


def test_every_setting_has_words_for_what_is_expected() -> None:
    for name in ForecastSettings.model_fields:
        with pytest.raises(InputError) as caught:
            forecast_settings({name: object()}, environment={})
        assert [fault.column for fault in caught.value.faults] == [name]
        assert "unknown" not in str(caught.value)
