"""Any router and any target, for property tests."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from slp_core.rules import builtin_rules
from slp_core.state import RouterState

PIDS = ["ISR4351/K9", "ISR4461/K9", "C1111-8PLTEEAWB", "CSR1000V", "ISRV", "C8000V", "ASR1001-X",
        "C8300-1N1S-4T2X", "ASR-920-12CZ-A", "C9300-48P", "X"]  # fmt: skip
RELEASES = ["16.6.10", "16.9.1", "16.12.4", "17.3.2", "17.4.1a", "17.6.5", "17.7.1a", "17.9.4a",
            "17.12.1"]  # fmt: skip
DATES = st.sampled_from(["2021-01-15T03:26:07Z", None])
WORDS = st.sampled_from(["", "IN USE", "AUTHORIZED", "NOT AUTHORIZED", "EVAL MODE", "strange"])
LEVELS = st.one_of(st.integers(0, 10**8), st.sampled_from(["unthrottled", "T2", "T3|500M", "?"]))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


def fields(**strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=strategies)


NAMES = st.sampled_from(
    ["appxk9", "securityk9", "hseck9", "ISR_4351_Hsec", "DNA_HSEC", "CUBE_T_STD", "ax_10G",
     "ISR_4351_Secur...", "ipbasek9", "zzz"]
)  # fmt: skip
LICENSE = st.fixed_dictionaries(
    {"tag": NAMES},
    optional={
        "status": maybe(WORDS),
        "export_status": maybe(
            st.sampled_from(["NOT RESTRICTED", "RESTRICTED - ALLOWED", "RESTRICTED - NOT ALLOWED"])
        ),
        "count": maybe(st.integers(0, 5)),
        "feature_name": maybe(NAMES),
        "reservation_status": maybe(st.sampled_from(["SPECIFIC INSTALLED", "NOT INSTALLED"])),
    },
)
FEATURE = st.fixed_dictionaries(
    {"feature": NAMES},
    optional={
        "license_type": maybe(st.sampled_from(["Permanent", "EvalRightToUse", "RightToUse", "?"])),
        "license_state": maybe(
            st.sampled_from(["Active, In Use", "Active, Not in Use, EULA not accepted", "Inactive"])
        ),
        "enabled": maybe(st.booleans()),
        "right_to_use": maybe(st.booleans()),
    },
)
RESERVED = st.fixed_dictionaries({"tag": NAMES}, optional={"count": maybe(st.just("1"))})
LICENSING = fields(
    slp=maybe(st.sampled_from(["ENABLED", "DISABLED"])),
    show_version_status=maybe(
        st.sampled_from(
            [
                "Smart Licensing Using Policy",
                "UNREGISTERED/EVAL MODE",
                "REGISTERED/EVAL EXPIRED",
                "Smart Licensing is DISABLED",
                "Registration Not Applicable/Not Applicable",
            ]
        )
    ),
    license_type=maybe(st.sampled_from(["Smart License", "No License Mode", "EvalRightToUse"])),
    license_level=maybe(st.just("metroaggrservices")),
    registration=maybe(
        st.fixed_dictionaries(
            {
                "status": st.sampled_from(
                    [
                        "REGISTERED",
                        "UNREGISTERED",
                        "REGISTERED - SPECIFIC LICENSE RESERVATION",
                        "REGISTERED - UNIVERSAL LICENSE RESERVATION",
                        "?",
                    ]
                )
            }
        )
    ),
    authorization_status=maybe(WORDS),
    transport=maybe(
        st.fixed_dictionaries(
            {"kind": st.sampled_from(["callhome", "smart", "cslu", "off", "automatic"])},
            optional={"url": maybe(st.just("https://x")), "cslu_address": maybe(st.just("y"))},
        )
    ),
    licenses=maybe(st.lists(LICENSE, max_size=4)),
    csl_features=maybe(st.lists(FEATURE, max_size=4)),
    trust=maybe(fields(installed_on=DATES)),
    reporting=maybe(fields(last_ack=DATES, next_ack_deadline=DATES)),
    reservation=maybe(
        fields(
            enabled=maybe(st.booleans()),
            status=maybe(st.just("SPECIFIC INSTALLED")),
            licenses=maybe(st.lists(RESERVED, max_size=3)),
        )
    ),
    dlc=maybe(fields(process_status=maybe(st.just("Completed")), features=maybe(st.just(["x"])))),
    conversion_status=maybe(st.sampled_from(["Not started", "Successful"])),
    hseck9_tag=maybe(st.just("regid.2021-05.com.cisco.C9K_HSEC,1.0_x")),
)
STATE = st.fixed_dictionaries(
    {"name": st.just("edge")},
    optional={
        "hostname": maybe(st.sampled_from(["edge", "ISR4351"])),
        "udi": maybe(st.fixed_dictionaries({"pid": st.sampled_from(PIDS), "sn": st.just("S")})),
        "release": maybe(st.sampled_from(RELEASES)),
        "controller_mode": maybe(st.booleans()),
        "boot": maybe(
            fields(
                mode=maybe(st.sampled_from(["install", "bundle"])),
                config_register=maybe(st.sampled_from(["0x2102", "0x2142"])),
            )
        ),
        "throughput": maybe(fields(level=maybe(LEVELS), crypto=maybe(LEVELS))),
        "cerm": maybe(fields(functionality=maybe(st.sampled_from(["ENABLED", "DISABLED"])))),
        "clock": maybe(fields(skew_s=maybe(st.floats(-1e5, 1e5)))),
        "config": maybe(st.lists(st.sampled_from(["ip name-server 1.1.1.1", "voice service voip",
                                                  "license boot level x"]), max_size=3)),
        "startup_config": maybe(st.lists(st.just("license feature hseck9"), max_size=1)),
        "licensing": maybe(LICENSING),
    },
)  # fmt: skip
TARGET = st.fixed_dictionaries(
    {
        "topology": st.fixed_dictionaries(
            {"kind": st.sampled_from([t.kind for t in builtin_rules().topologies])},
            optional={
                "transport": st.sampled_from(["smart", "callhome"]),
                "url": st.just("https://ssm.example.net/cslu/v1/pi/x-1"),
                "token": st.just("env:SLP_TOKEN"),
                "usage_interval": st.integers(1, 365),
                "server_version": st.sampled_from(["8-202012", "8-202206"]),
            },
        )
    },
    optional={
        "release": st.sampled_from(RELEASES),
        "hseck9": st.sampled_from(["keep", "none", "add", "add-before", "add-after"]),
        "hseck9_balance": st.integers(0, 3),
        "throughput": st.sampled_from([250_000, "1G"]),
        "image": st.just({"name": "x.bin", "size": 7}),
        "classic": st.sampled_from(["keep", "register", "deregister", "smart", "no-license"]),
    },
)


def state(data: dict[str, Any]) -> RouterState:
    return RouterState.from_json({k: v for k, v in data.items() if v is not None})


RELAXED = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
