"""The small world of these tests as a fixture."""

from __future__ import annotations

import pytest

from kit.portal_world import World


@pytest.fixture
def world() -> World:
    return World()
