"""A copy by the router leaves by the interface that its client of that scheme is told (F23)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from slp_core.steps.image import StageImageParams
from slp_tasks.steps import stage_image


@pytest.mark.parametrize(
    ("scheme", "client"),
    [
        ("http", "http client"),
        ("https", "http client"),
        ("ftp", "ftp"),
        ("tftp", "tftp"),
        ("scp", "ssh"),
        ("sftp", "ssh"),
    ],
)
def test_f23_the_source_interface_is_set_at_the_client_that_copies(
    monkeypatch: pytest.MonkeyPatch, scheme: str, client: str
) -> None:
    monkeypatch.setattr(stage_image, "configuration", lambda _: ())
    image = {
        "name": "x.SPA.bin",
        "source": f"{scheme}://192.0.2.1/x.SPA.bin",
        "source_interface": "GigabitEthernet0",
    }
    context: Any = SimpleNamespace(lines=StageImageParams.model_validate({"image": image}).lines())
    line = f"ip {client} source-interface GigabitEthernet0"
    assert stage_image._source_lines(context) == [line]
