"""One tree of errors; an input error lists every fault it was given."""

from __future__ import annotations

import pytest

from safepassage.core.errors import (
    Fault,
    InputError,
    InternalError,
    ModelError,
    SafePassageError,
    UnsupportedInput,
)

FAULT = Fault("places.csv", "200", "a latitude from -90 to 90", "correct it", row=7, column="lat")


def test_a_fault_says_where_what_and_how_to_mend() -> None:
    assert str(FAULT) == (
        "places.csv, row 7, column 'lat': found 200; expected a latitude from -90 to 90. To mend: correct it"
    )


def test_a_fault_of_a_whole_file_names_no_row() -> None:
    assert str(Fault("links.csv", "nothing", "a header", "add one")).startswith("links.csv: found nothing")


def test_one_fault_is_said_plainly() -> None:
    assert str(InputError(FAULT)) == str(FAULT)


def test_all_faults_are_numbered_under_one_headline() -> None:
    error = InputError([FAULT, FAULT], headline="2 faults")
    assert str(error).splitlines()[0] == "2 faults"
    assert [line[:2] for line in str(error).splitlines()[1:]] == ["1.", "2."]
    assert error.faults == (FAULT, FAULT)


@pytest.mark.parametrize("kind", [InputError, UnsupportedInput])
def test_input_errors_are_of_the_tree(kind: type[InputError]) -> None:
    with pytest.raises(SafePassageError):
        raise kind(iter([FAULT]))


def test_the_three_branches_are_apart() -> None:
    assert not issubclass(ModelError, InputError)
    assert not issubclass(InternalError, InputError)
    assert issubclass(UnsupportedInput, InputError)
