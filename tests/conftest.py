"""What holds for all tests."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has what is printed not depend on how wide the test runner thinks a terminal is."""
    monkeypatch.delenv("COLUMNS", raising=False)
