"""The decision table: complete, up to date, agreeing with the rules as written."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from slp_core.rules.model import CSL_MODELS, Model
from slp_core.rules.table import (
    MODELS,
    PLATFORMS,
    TRANSPORTS,
    Decision,
    decisions,
    licences_of,
    render,
)

DOC = Path(__file__).parents[4] / "docs" / "decision-table.md"
ROWS = list(decisions())


def test_every_combination_is_there_once() -> None:
    found = [(d.model, d.transport, d.licence, d.platform) for d in ROWS]
    expected = [
        (m.value, t, x, p)
        for m in MODELS
        for t, x, p in product(TRANSPORTS, licences_of(m), PLATFORMS)
    ]
    assert found == expected
    assert len(set(found)) == len(found) > 700


def test_the_document_is_what_the_code_says() -> None:
    assert DOC.read_text(encoding="utf-8") == render(), (
        "run: python -m slp_core.rules.table docs/decision-table.md"
    )


# Written down again from the rules, not from the code.
TRANSPORT = {
    ("EVAL", "callhome"): "cslu (TRANS-1)",
    ("SLR", "callhome"): "off (TRANS-2)",
    ("PLR", "callhome"): "off (TRANS-2)",
    ("REGISTERED", "callhome"): "callhome (TRANS-3)",
    ("EVAL", "smart"): "off (TRANS-4)",
    ("SLR", "smart"): "off (TRANS-5)",
    ("PLR", "smart"): "off (TRANS-5)",
    ("REGISTERED", "smart"): "smart (TRANS-6)",
    ("CSL", "none"): "cslu (TRANS-7)",
    ("RTU", "none"): "cslu (TRANS-7)",
    ("CSL", "unseen"): "cslu (TRANS-7)",
    ("RTU", "unseen"): "cslu (TRANS-7)",
}
KEPT = {(t): f"{t} (TRANS-8)" for t in ("callhome", "smart", "cslu", "off", "automatic")}


def _name(d: Decision) -> str:
    return d.model.removeprefix("MODEL-")


@pytest.mark.parametrize("model", [m.value for m in MODELS])
def test_transports_agree_with_the_rules(model: str) -> None:
    for d in (d for d in ROWS if d.model == model):
        if model == Model.SLP.value and d.transport in KEPT:
            assert d.transport_after == KEPT[d.transport]
        else:
            expected = TRANSPORT.get((_name(d), d.transport), "no prediction (TRANS-9)")
            assert d.transport_after == expected, d


CLASSIC = {
    "default": ("migrated, not displayed", "LIC-6"),
    "right-to-use, in use": ("IN USE, NOT ENFORCED", "LIC-3"),
    "right-to-use, unused": ("not migrated", "LIC-4"),
    "evaluation, in use": ("IN USE, NOT ENFORCED", "LIC-7"),
    "PAK, in use": ("IN USE, NOT ENFORCED", "LIC-3"),
    "PAK, unused": ("no prediction", "LIC-4"),
    "HSECK9 by PAK": ("IN USE, EXPORT RESTRICTED", "LIC-2"),
    "HSECK9 without PAK": ("not migrated", "LIC-5"),
}


def test_licences_agree_with_the_rules() -> None:
    for d in ROWS:
        if Model(d.model) in CSL_MODELS:
            words, rule = CLASSIC[d.licence]
        elif d.licence.startswith("unrestricted"):
            words, rule = "IN USE, NOT ENFORCED", "TRANS-8" if _name(d) == "SLP" else "LIC-1"
        elif _name(d) == "SLP":
            continue  # it keeps whatever it has
        elif d.licence == "restricted, allowed" and _name(d) != "EVAL":
            words, rule = "IN USE, EXPORT RESTRICTED", "LIC-2"
        else:
            words, rule = "no prediction", "SLAC-10"
        assert d.licence_after.startswith(words), d
        assert rule in d.licence_after, d


def test_slac_agrees_with_the_rules() -> None:
    held = {"REGISTERED": "SLAC-1", "EVAL": "SLAC-1", "SLP": "SLAC-1", "SLR": "SLAC-2",
            "PLR": "SLAC-2", "CSL": "SLAC-3", "RTU": "SLAC-3"}  # fmt: skip
    for d in ROWS:
        name = _name(d)
        if d.licence in ("restricted, allowed", "HSECK9 by PAK"):
            assert d.slac_to_250 == d.slac_above_connected == f"none ({held[name]})", d
            continue
        assert d.slac_to_250 == "none (SLAC-9)", d
        if name == "SLP":
            assert d.slac_above_connected == "none (SLAC-9)"
        elif d.platform == "virtual" and name == "SLR":
            assert d.slac_above_connected == "update the reservation before (SLAC-4)"
            assert d.slac_above_unconnected == "update the reservation before (SLAC-4)"
        else:
            rule = "SLAC-5" if d.platform == "virtual" else "SLAC-6"
            asks = name == "REGISTERED" and d.transport not in ("cslu", "off")
            asks = asks and d.platform != "physical"  # ISR 1000, ISR 4000, ASR 1000
            connected = f"automatic ({rule})" if asks else "asked (SLAC-11)"
            assert d.slac_above_connected == connected, d
            assert d.slac_above_unconnected == "asked (SLAC-11)", d


def test_conversion_and_reporting_agree_with_the_rules() -> None:
    reporting = {"REGISTERED": "REP-2", "EVAL": "REP-6", "SLR": "REP-3", "PLR": "REP-5",
                 "SLP": "as its policy says"}  # fmt: skip
    kinds = {"right-to-use, in use": "REP-1", "PAK, in use": "REP-4", "HSECK9 by PAK": "REP-4",
             "evaluation, in use": "REP-6"}  # fmt: skip
    for d in ROWS:
        classic = Model(d.model) in CSL_MODELS
        assert d.conversion.startswith("yes") is (classic and d.platform == "physical, converts")
        expected = kinds.get(d.licence, "REP-5") if classic else reporting[_name(d)]
        assert d.reporting == expected, d
