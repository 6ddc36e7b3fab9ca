"""Which failure touches which task, and what shows that the task survives it.

Each is a case on a row of the matrix, a fault that is laid over every task, a starting state of the
matrix itself, or a test elsewhere that is named here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

GOES_ON = None


@dataclass(frozen=True)
class Case:
    """One fault on one row of the matrix.

    Attributes:
        refused: words of the one sentence; ``GOES_ON`` where the row ends as without the fault.
        router: what else is changed of the row's router.
        sends: what is typed in all, where that is not what the row says.
    """

    fault: str
    row: str
    refused: str | None = GOES_ON
    params: Mapping[str, Any] = field(default_factory=dict)
    router: Mapping[str, Any] = field(default_factory=dict)
    sends: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        """As the case is called in the list of tests."""
        more = "_".join(str(v) for v in self.params.values())
        return "-".join(x for x in (self.fault, self.row, more) if x)


EVERY: Mapping[str, Mapping[str, Any]] = {
    "F13": {"seconds": 2.0},
    "F16": {},
    "F17": {},
    "F20": {},
    "F27": {"lines": 1},
    "F29": {"seconds": 5.0},
    "F33": {},
}
"""Laid over a row of every kind of step: it ends as without the fault."""
LACKS = "F19"
"""The command that a task exists for is unknown to the router: laid over every kind that sends."""
LOCKED_OUT = "F28"
"""The login is refused: laid over every kind of step; the password is tried once."""

_UP = "install_activate-added"
_BOOT = "reload-other_release_boots_next"
_BACK = "rollback-activated"
_ADD = "install_add-not_added"
_ONE_SHOT = "install_activate-not_added-one-shot"
_STAGE, _COPY = "stage_image-absent", "stage_image-absent-by-the-router"
_NAME = "isr4300-universalk9.17.04.01a.SPA.bin"
_COPIES = f"copy http://images.lab/{_NAME} bootflash:{_NAME}"
_REMOVED = f"delete /force bootflash:{_NAME}"
CASES = (
    Case("F01", _UP),
    Case("F01", _BOOT),
    Case("F01", _BACK),
    Case("F02", _UP),
    Case("F02", _BOOT),
    Case("F02", _BACK),
    Case("F04", _ADD),
    Case("F04", _ONE_SHOT),
    Case("F05", _STAGE, "bytes free", {"free": 1000}, sends=(_REMOVED,)),
    Case("F05", _COPY, "bytes free", {"free": 1000}, sends=(_COPIES, _REMOVED)),
    Case("F05", _ADD, "not enough free space", {"free": 860_000_000}),
    Case("F07", "install_commit-activated", params={"minutes": 60}),
    Case("F08", _UP, "it fell back"),
    Case("F08", _BOOT, "it fell back"),
    Case("F09-unsaved", _ADD, "the configuration is not saved"),
    Case("F09-issu", _ADD, "ISSU"),
    Case("F09-same", _ADD, "Same Image File-No Change"),
    Case("F09-missing", _ADD, "package files of the running image are missing"),
    Case("F10", _UP, "r1: "),
    Case("F10", _BOOT, "r1: "),
    Case("F14", "save_config-unsaved"),
    Case("F14", "rollback-boot_variable_changed"),
    Case("F14", "rollback-booted_from_it"),
    Case("F15", "reload-no_release_named"),
    Case("F15", _BOOT),
    Case("F21", _COPY),
    Case("F22", _STAGE, sends=(_REMOVED,)),
    Case("F22-corrupt", _STAGE, sends=(_REMOVED,)),
    Case("F23", _COPY, "could not copy"),
    Case("F23", f"{_STAGE}-from-an-interface"),
    Case("F24", "usage_save-unreported"),
    Case("F34-expired", "trust-none", "the token has expired"),
    Case("F34-used-up", "trust-none", "used as often as it may be"),
    Case("F34-revoked", "trust-none", "the token was revoked"),
    Case("F34-unknown", "trust-none", "CSSM does not know the token"),
    Case("F34-present", "trust-none", "a trust code is installed already"),
    Case("F34-clock", "trust-none", "the router's clock is too far"),
    Case("F34-dns", "trust-none", "cannot resolve the name"),
    Case("F34-dns", "slac-none", "cannot resolve the name"),
    Case("F34-dns", "usage_sync-unreported", "cannot resolve the name"),
    Case("F34-dns", "register-evaluation", "not done in time"),
    Case("F36-pending", "usage_sync-unreported", "waits for the acknowledgement"),
    Case("F36-failed", "usage_sync-unreported", "waits for the acknowledgement"),
    Case("F36-duplicate", "usage_sync-unreported", "waits for the acknowledgement"),
    Case("F36-http", "usage_sync-unreported", "is in trouble (HTTP 503)"),
    Case("F36-http", "trust-none", "the licence server"),
    Case("F36-http", "slac-none", "the licence server"),
    Case("F36-http", "renew-registered-auth", "not done in time"),
    Case("F36-http", "register-evaluation", "not done in time"),
    Case("F37", "usage_sync-unreported", params={"seconds": 3000}),
    Case("F37", "usage_sync-unreported", "waits for the acknowledgement", {"seconds": 20000}),
    Case("F40", "usage_sync-unreported", params={"count": 1200}),
    Case("F40", "usage_save-unreported", params={"count": 1200}),
)

STATES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "F06": (
        ("install_add", "bundle mode"),
        ("install_commit", "bundle mode"),
        ("boot_variable", "other image first"),
        ("reload", "other release boots next"),
        ("rollback", "boot variable changed"),
    ),
    "F07": (("install_commit", "rolled back"), ("rollback", "rolled back")),
    "F09": (("issu_activate", "another upgrade under way"),),
    "F11": (("issu_activate", "standby not hot"),),
    "F25": (
        ("usage_import", "file of another router"),
        ("slac_import", "file of another router"),
        ("reservation_install", "file of another router"),
    ),
    "F34": (("register", "token refused"), ("preflight", "not ready")),
    "F39": (("dlc_wait", "never collected"), ("dlc_done", "not sent")),
    "F47": (("preflight", "another router"),),
}
"""Failures that are starting states of the matrix."""

_SESSION, _ISSU, _KILLED = "test_session_over_ssh", "test_issu", "test_matrix_killed"
ELSEWHERE: Mapping[str, tuple[tuple[str, str], ...]] = {
    "F03": ((_SESSION, "test_f03_after_a_lost_session_the_next_command_opens_a_new_one"),),
    "F08": (
        (_ISSU, "test_f08_a_standby_that_stays_on_its_release_is_said_and_nothing_more_is_done"),
    ),
    "F11": ((_ISSU, "test_f11_nothing_is_sent_where_a_condition_is_missing"),),
    "F12": ((_SESSION, "test_f12_questions_are_met_literally"),),
    "F25": (("test_handed_files", "test_f25_the_step_itself_refuses_another_kind"),),
    "F26": ((_SESSION, "test_f26_f27_nothing_stays_open"),),
    "F31": (
        ("test_secrets", "test_f31_no_secret_outside_the_backup"),
        ("test_tasks", "test_f31_the_token_is_in_no_log_result_or_note"),
    ),
    "F32": ((_SESSION, "test_f32_a_changed_host_key_is_refused_before_the_password"),),
    "F42": (
        (_KILLED, "test_f42_a_process_that_died_right_after_the_act_has_nothing_sent_twice"),
        (_KILLED, "test_f21_a_session_lost_right_after_the_act_has_nothing_sent_twice"),
    ),
    "F47": (("test_identity", "test_f47_no_act_reaches_another_router"),),
}
"""Tests of single failures that touch every task alike, or need more than one task."""

NOT_OF_A_TASK: Mapping[str, str] = {
    "F18": "every simulated router wraps: no row of the matrix passes without `terminal width 511`",
    "F30": "results of thousands are kept, or not, by the run (tests/bench, tests/fleet)",
    "F35": "the loss is seen by what verify compares (tests/unit/slp_core/verify, tests/faults)",
    "F38": "the same",
    "F41": "the same",
    "F43": "one router, two runs: a matter of the run (tests/fleet)",
    "F44": "the store's (tests/fleet/test_store.py)",
    "F45": "the run's window and its steering (tests/fleet/test_steering.py)",
    "F46": "the run's budget (tests/fleet/test_waves.py)",
}
