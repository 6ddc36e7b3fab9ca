"""Which fault strikes where, how the run must end, and what it must say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from slp_sim.router.spec import FaultSpec

PROVEN = None


@dataclass(frozen=True)
class Case:
    """One fault on the router ``r1`` and the end of its run.

    Attributes:
        fault: as a user names it (``F34-dns``).
        family: kind of router; see the scenario ``families``.
        stops: end of the id of the step at which the run stops; ``PROVEN`` where it goes on.
        says: what the sentence must hold: what happened and what to do.
        retried: how the router ends once the cause is gone and the step was begun anew.
        late: the fault begins after the plan was made.
        slow: it runs in ``make check`` only; another case has its like in ``make test``.
        twice: what may rightly be done a second time by the retry.
    """

    fault: str
    family: str = "s1_registered"
    params: dict[str, Any] = field(default_factory=dict)
    stops: str | None = PROVEN
    says: tuple[str, ...] = ()
    retried: str | None = "proven"
    router: dict[str, Any] = field(default_factory=dict)
    target: dict[str, Any] | None = None
    late: bool = False
    twice: tuple[str, ...] = ()
    name: str = ""
    slow: bool = False

    @property
    def id(self) -> str:
        """How the test of the case is called."""
        return self.name or self.fault

    def struck(self) -> FaultSpec:
        """Returns the fault as a scenario names it."""
        return FaultSpec(name=self.fault, params=self.params)

    def entry(self) -> dict[str, Any]:
        """Returns the router of the scenario."""
        struck = [] if self.late else [self.struck().model_dump()]
        made: dict[str, Any] = {
            "name": "r1",
            "family": self.family,
            "router": {"faults": struck, **self.router},
        }
        if self.target is not None:
            made["target"] = self.target
        return made


_BY_URL = {
    "name": "isr4400v2-universalk9.17.03.02.SPA.bin",
    "source": "http://images.lab/isr4400v2-universalk9.17.03.02.SPA.bin",
    "size": 712345678,
}


CASES = (
    Case("F01"),
    Case("F02", slow=True),
    Case("F01", "s6_rtu", {"seconds": 600}, name="F01-long", slow=True),
    Case("F04"),
    Case("F04", params={"seconds": 1400}, family="s4_evaluation", name="F04-token", slow=True),
    Case(
        "F05",
        params={"free": 1000},
        stops="stage-image",
        says=("1,000 bytes free", "needs 712,345,678", "install remove inactive", "slp retry"),
    ),
    Case("F06"),
    Case("F07"),
    Case(
        "F08",
        stops="install-activate",
        says=("runs 16.12.4, not 17.3.2", "boot variable", "slp plan"),
        retried="failed",
    ),
    Case(
        "F09-unsaved",
        stops="install-add",
        says=("the configuration is not saved", "write memory", "slp retry"),
    ),
    Case(
        "F09-issu",
        stops="install-add",
        says=("ISSU", "install abort issu", "slp retry"),
        late=True,
    ),
    Case("F09-same", stops="install-add", says=("Same Image File-No Change", "slp retry")),
    Case("F09-missing", stops="install-add", says=("package files", "slp retry")),
    Case(
        "F10",
        stops="install-activate",
        says=("not done within 30 minutes", "does not answer", "console", "slp retry"),
    ),
    Case("F13", slow=True),
    Case("F14", "s4_evaluation"),
    Case("F15", slow=True),
    Case("F16"),
    Case("F17", slow=True),
    Case("F19", params={"command": "show platform software cerm"}),
    Case("F20", slow=True),
    Case("F21", target={"image": _BY_URL}),
    Case("F22"),
    Case("F22-corrupt", slow=True),
    Case(
        "F22-corrupt",
        params={"times": 2},
        stops="stage-image",
        says=("arrived damaged twice and was removed", "hash", "path to the router"),
        name="F22-corrupt-twice",
        slow=True,
    ),
    Case(
        "F23",
        target={"image": {**_BY_URL, "source_interface": "GigabitEthernet0/0/0"}},
    ),
    Case(
        "F23",
        target={"image": _BY_URL},
        stops="stage-image",
        says=("could not copy", "%Error opening", "source_interface", "plan again"),
        name="F23-not-said",
    ),
    Case("F27", slow=True),
    Case(
        "F28",
        params={"moment": "after-reload", "times": 1},
        stops="install-activate",
        says=("refuses the login", "not tried again", "slp retry"),
    ),
    Case("F29"),
    Case("F33"),
    Case("F33-flood", params={"mb": 0.2}, slow=True),
    Case(
        "F33-silent",
        params={"moment": "after-reload"},
        stops="install-activate",
        says=("not done within 30 minutes", "silent", "console", "slp retry"),
    ),
    *(
        Case(
            f"F34-{variant}",
            "s4_evaluation",
            stops="trust",
            says=(words, remedy, "slp retry"),
            twice=("trust requested",),
            slow=variant in ("used-up", "unknown", "other-account"),
        )
        for variant, words, remedy in (
            ("expired", "the token has expired", "new token"),
            ("used-up", "used as often as it may be", "new token"),
            ("revoked", "the token was revoked", "new token"),
            ("unknown", "does not know the token", "new token"),
            ("other-account", "belongs to another account", "of the router's own account"),
        )
    ),
    Case(
        "F34-clock",
        "s4_evaluation",
        stops="preflight",
        says=("clock is off by 120 minutes", "NTP"),
        late=True,
    ),
    Case(
        "F34-dns",
        "s4_evaluation",
        stops="trust",
        says=("cannot resolve", "ip name-server", "slp retry"),
        slow=True,
        twice=("trust requested",),
    ),
    Case(
        "F34-present",
        "s4_evaluation",
        stops="trust",
        says=("already", "force", "slp retry"),
        twice=("trust requested",),
    ),
    Case("F35", "s2_slr", stops="verify", says=("not as predicted", "slp show"), retried="failed"),
    Case(
        "F36-pending",
        stops="usage-sync",
        says=("not done within 120 minutes", "the acknowledgement", "slp retry"),
        slow=True,
        twice=("usage sync",),
    ),
    Case(
        "F36-failed",
        stops="usage-sync",
        says=("FAILED", "slp retry"),
        slow=True,
        twice=("usage sync",),
    ),
    Case(
        "F36-duplicate",
        stops="usage-sync",
        says=("duplicate", "slp retry"),
        slow=True,
        twice=("usage sync",),
    ),
    Case("F36-http", "s6_rtu", {"times": 2, "status": 503}, name="F36-http-twice"),
    *(
        Case(
            "F36-http",
            "s4_evaluation",
            {"times": 1000, "status": status},
            stops="trust",
            says=(f"HTTP {status}", "slp retry"),
            twice=("trust requested",),
            name=f"F36-http-{status}",
            slow=True,
        )
        for status in (401, 403, 429, 500, 503)
    ),
    Case("F37", params={"seconds": 3000}, slow=True),
    Case(
        "F37",
        params={"seconds": 9000},
        stops="usage-sync",
        says=("not done within 120 minutes", "the acknowledgement", "slp retry"),
        twice=("usage sync",),
        name="F37-late",
        slow=True,
    ),
    Case(
        "F38",
        "s4_evaluation",
        stops="verify",
        says=("throughput.level", "250000", "400000", "THR-1", "slp retry"),
        slow=True,
    ),
    Case(
        "F38-crypto",
        stops="verify",
        says=("cerm.functionality", "ENABLED", "DISABLED", "THR-3", "slp retry"),
        slow=True,
    ),
    Case(
        "F39",
        "s5_pak",
        stops="dlc-wait",
        says=("not done within 180 minutes", "not collected", "slp retry"),
        slow=True,
    ),
    Case(
        "F41",
        "s4_evaluation",
        stops="verify",
        says=("throughput.level", "200000", "slp show"),
        slow=True,
    ),
)
