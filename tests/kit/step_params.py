"""Parameters of a step of any kind: the least that its class asks for."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from slp_core.steps.base import step_kinds

_RELEASE = {"release": "17.12.4"}
_LEAST: dict[str, dict[str, Any]] = {
    "stage_image": {"image": {"name": "i.bin"}},
    "install_add": {"file": "bootflash:i.bin", **_RELEASE},
    "install_activate": _RELEASE,
    "issu_activate": _RELEASE,
    "install_commit": _RELEASE,
    "boot_variable": {"file": "bootflash:i.bin"},
    "topology": {"topology": {"kind": "airgap"}},
    "call_home": {"topology": {"kind": "direct", "transport": "callhome", "call_home": {}}},
    "slac_import": {"file": "slac.txt"},
    "slac_request": {"file": "slac_request"},
    "reservation_install": {"file": "slr_code.txt"},
    "usage_save": {"file": "usage_report"},
    "usage_import": {"file": "ACK_usage_report"},
    "mode_switch": {"mode": "smart"},
}


def least_params(kind: str, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Returns the least parameters, and of the given ones those that the kind knows."""
    known = step_kinds()[kind].model_fields
    return {
        **deepcopy(_LEAST.get(kind, {})),
        **{k: v for k, v in (given or {}).items() if k in known},
    }
