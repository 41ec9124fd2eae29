"""Secrets at rest are opened by any key of the settings, and by nothing else."""

from collections.abc import Iterator

import pytest

from domain.kernel import vault


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Each test brings its own keys."""
    vault.use_keys([])
    yield
    vault.use_keys([])


def test_what_was_sealed_is_opened_again_and_does_not_show_itself() -> None:
    vault.use_keys([vault.new_key()])

    sealed = vault.seal("refresh-token")

    assert "refresh-token" not in sealed
    assert vault.unseal(sealed) == "refresh-token"


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    old, new = vault.new_key(), vault.new_key()
    vault.use_keys([old])
    before = vault.seal("before")
    vault.use_keys([new, old])
    after = vault.seal("after")

    assert vault.unseal(before) == "before"
    vault.use_keys([new])
    assert vault.unseal(after) == "after"
    with pytest.raises(vault.CannotUnseal, match="CARNET_VAULT_KEYS"):
        vault.unseal(before)


def test_without_a_key_nothing_is_sealed() -> None:
    with pytest.raises(vault.CannotUnseal):
        vault.seal("anything")


def test_the_key_that_follows_from_a_secret_is_always_the_same_and_another_for_another() -> None:
    assert vault.key_from("a") == vault.key_from("a") != vault.key_from("b")
    vault.use_keys([vault.key_from("a")])
    assert vault.unseal(vault.seal("x")) == "x"
