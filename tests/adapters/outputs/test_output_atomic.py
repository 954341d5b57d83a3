import pytest

from safepassage.adapters.atomic import replacing, write_bytes, write_text


def test_text_is_written_as_utf8_with_plain_newlines_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "new" / "resumen.txt"
    write_text(path, "mañana\n")
    assert path.read_bytes() == "mañana\n".encode()
    assert [p.name for p in path.parent.iterdir()] == ["resumen.txt"]


def interrupted(path, error):
    with replacing(path) as draft:
        draft.write_bytes(b"half of the n")
        raise error


def test_an_interrupted_writer_leaves_the_old_file_whole_and_no_draft(tmp_path):
    path = tmp_path / "table.xlsx"
    write_bytes(path, b"old")
    with pytest.raises(KeyboardInterrupt):
        interrupted(path, KeyboardInterrupt())
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["table.xlsx"]


def test_an_interrupted_first_run_leaves_no_file(tmp_path):
    with pytest.raises(OSError, match="full"):
        interrupted(tmp_path / "a.json", OSError("disk full"))
    assert list(tmp_path.iterdir()) == []


def test_the_draft_lies_in_the_same_folder_and_keeps_the_suffix(tmp_path):
    with replacing(tmp_path / "forecast.parquet") as draft:
        assert draft.parent == tmp_path
        assert draft.suffix == ".parquet"
        draft.write_bytes(b"x")


def test_a_writer_that_wrote_nothing_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "a.txt"):
        pass
    assert list(tmp_path.iterdir()) == []
