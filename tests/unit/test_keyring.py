"""Key files, wrapped keys and bodies that open only where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wholerecord.storage.keyring import (
    NO_KEYS,
    BadKeyFile,
    Keyring,
    NoKey,
    Wrapped,
    WrongKey,
    keyring,
    new_line,
)
from wholerecord.storage.sealed import (
    DataKey,
    Moved,
    key_number,
    key_place,
    message_place,
    new_key,
    statement_place,
)

OLD, NEW = b"o" * 32, b"n" * 32


@given(st.binary(max_size=3000), st.integers(1, 9))
def test_a_body_comes_back_where_it_stands_and_nowhere_else(body: bytes, n: int):
    key, place = DataKey.of(n, new_key()), statement_place(7, 1, 0)
    sealed = key.seal(body, place)
    assert key_number(sealed) == n
    assert key.open(sealed, place) == body
    for other in (statement_place(8, 1, 0), statement_place(7, 2, 0), message_place(7, b"")):
        with pytest.raises(Moved):
            key.open(sealed, other)


@pytest.mark.parametrize("at", [2, 4, 20, -1])
def test_a_body_that_was_changed_does_not_open(at: int):
    key, place = DataKey.of(1, new_key()), message_place(1, b"h" * 32)
    changed = bytearray(key.seal(b"what was said", place))
    changed[at] ^= 1
    with pytest.raises(Moved):
        key.open(bytes(changed), place)
    with pytest.raises(Moved):
        key.open(bytes(changed[:9]), place)


def test_the_last_key_of_a_file_wraps_and_the_others_open(tmp_path):
    file = tmp_path / "keys"
    file.write_text(f"# ours\n{new_line('old')}")
    wrapped = keyring(f"file:{file}").wrap(OLD, b"x")
    with file.open("a") as more:
        more.write(new_line("new"))
    both = keyring(f"file:{file}")
    assert both.newest == "new"
    assert both.unwrap(wrapped, b"x") == OLD
    assert both.wrap(OLD, b"x").kek == "new"


def test_a_missing_or_another_key_is_named_and_a_moved_one_does_not_open():
    wrapped = Keyring({"a": OLD}).wrap(NEW, key_place(1, 1))
    with pytest.raises(NoKey, match="'a'"):
        Keyring({"b": OLD}).unwrap(wrapped, key_place(1, 1))
    with pytest.raises(WrongKey, match="'a'"):
        Keyring({"a": NEW}).unwrap(wrapped, key_place(1, 1))
    with pytest.raises(WrongKey):
        Keyring({"a": OLD}).unwrap(wrapped, key_place(2, 1))
    with pytest.raises(WrongKey):
        Keyring({"a": OLD}).unwrap(Wrapped("a", b""), key_place(1, 1))


@pytest.mark.parametrize(
    "written",
    ["", "# only words\n", "a b\n", "a\n", "a YWJj\n", "é x\n", "../x " + "QUFB" * 10 + "QUE=\n"],
)
def test_a_key_file_that_is_not_one_is_refused_without_saying_what_it_holds(tmp_path, written):
    file = tmp_path / "keys"
    file.write_text(written)
    with pytest.raises(BadKeyFile) as told:
        keyring(f"file:{file}")
    assert "YWJj" not in str(told.value)


@pytest.mark.parametrize("setting", ["file:", "keys", "env:x", "file:/nowhere/at/all"])
def test_a_setting_that_names_no_key_file_is_refused(setting: str):
    with pytest.raises(BadKeyFile):
        keyring(setting)


def test_a_key_named_twice_is_refused(tmp_path):
    file = tmp_path / "keys"
    file.write_text(new_line("a") + new_line("a"))
    with pytest.raises(BadKeyFile, match="Line 2"):
        keyring(f"file:{file}")


def test_no_setting_is_no_keys_and_keys_are_never_shown():
    assert keyring("") is NO_KEYS
    assert "ooo" not in repr(Keyring({"a": OLD}))
