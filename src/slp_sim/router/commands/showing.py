"""``show …``: each command and the text that it prints."""

from __future__ import annotations

from collections.abc import Callable

from slp_sim.router.commands.who import (
    crypto,
    csl,
    exports,
    installs,
    privileged,
    router_class,
    rum_listing,
    slp,
    smart_release,
)
from slp_sim.router.grammar import Available, Grammar
from slp_sim.router.render import (
    authorization,
    config,
    filesystems,
    history,
    installed,
    platform,
    redundancy,
    support,
    version,
)
from slp_sim.router.render import (
    csl as csl_text,
)
from slp_sim.router.render import (
    slp as slp_text,
)
from slp_sim.router.render import (
    smart as smart_text,
)
from slp_sim.router.render.text import stamp
from slp_sim.router.router import Router
from slp_sim.router.vty import Vty

Shows = Callable[["Router"], str]


def register(exec_: Grammar) -> None:
    """Adds them to EXEC."""

    def show(words: str, text: Shows, available: Available | None = None) -> None:
        exec_.add(f"show {words}", lambda line: text(line.router), available)

    show("version", version.show_version)
    show("clock", platform.clock)
    show("ntp status", platform.ntp_status)
    show("inventory", platform.inventory)
    show("redundancy", redundancy.redundancy, privileged)
    show("redundancy states", redundancy.states, privileged)
    show("redundancy switchover history", redundancy.history, privileged)
    show("issu state detail", installed.issu_state, privileged)
    show("{boot|bootvar}", redundancy.boot, privileged)
    show("install summary", installed.summary, installs)
    show("platform hardware throughput level", platform.throughput_level, router_class)
    show("platform hardware throughput crypto", platform.throughput_crypto, crypto)
    show("platform software cerm-information", platform.cerm, exports)
    show("platform software license dlc", csl_text.dlc, _with_dlc)
    show("platform software sl-infra pak-info", support.pak_info, _classic_smart)
    show("running-config", config.running_config, privileged)
    show("startup-config", config.startup_config, privileged)
    show("logging", logging, privileged)
    show("license summary", _by_era(smart_text.summary, slp_text.summary), smart_release)
    show("license status", _by_era(smart_text.status, slp_text.status), smart_release)
    show("license usage", _by_era(smart_text.usage, slp_text.usage), smart_release)
    show("license all", _license_all)
    show("license udi", support.udi)
    show("license authorization", authorization.authorization_lines, slp)
    show("license reservation", smart_text.reservation, smart_release)
    show("license tech support", support.tech_support, smart_release)
    show("license history message", history.messages, slp)
    show("license eventlog", history.eventlog, smart_release)
    show("license rum id all", history.rum_ids, rum_listing)
    show("license data conversion", support.conversion, slp)
    show("license feature", csl_text.show_feature, csl)
    show("license", csl_text.show_license, csl)
    show("license detail", csl_text.detail, csl)
    show("license right-to-use", csl_text.show_license, csl)
    show("file systems", filesystems.file_systems, privileged)
    exec_.add("show privilege", lambda line: f"Current privilege level is {line.privilege}\n")
    exec_.add("dir", lambda line: directory(line, "bootflash:"))
    exec_.add("dir <path>", directory)
    exec_.add("dir all", lambda line: filesystems.every_directory(line.router))
    exec_.add("pwd", lambda _line: "bootflash:/\n")


def _with_dlc(line: Vty) -> bool:
    return slp(line) and line.router.platform.dlc


def _classic_smart(line: Vty) -> bool:
    return privileged(line) and line.router.platform.classic


def _by_era(before: Shows, after: Shows) -> Shows:
    return lambda router: after(router) if router.agent.model == "slp" else before(router)


def _license_all(router: Router) -> str:
    if router.agent.model == "slp":
        return slp_text.show_all(router)
    if router.agent.model == "csl":
        return csl_text.show_all(router)
    if router.agent.model == "nolicense":
        return "Smart Licensing Status\n======================\n\nSmart Licensing is DISABLED\n"
    return smart_text.show_all(router)


def directory(line: Vty, path: str) -> str:
    """Returns ``dir``."""
    text = filesystems.directory(line.router, path)
    return text if text is not None else f"%Error opening {path} (Invalid argument)\n"


def logging(router: Router) -> str:
    """Returns ``show logging``."""
    said, config = len(router.syslog), router.running
    size = (config.value("logging buffered") or "").split()[0:1]
    buffer = size[0] if size and size[0].isdigit() else "102400"
    trap = config.value("logging trap") or "informational"
    hosts = [x.split()[-1] for x in (*config.values("logging host"),)]
    head = (
        "Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, "
        "0 overruns, xml disabled, filtering disabled)\n\nNo Active Message Discriminator.\n\n\n\n"
        f"No Inactive Message Discriminator.\n\n\n{_logs('Console', said)}{_logs('Monitor', 0)}"
        f"{_logs('Buffer', said)}    Exception Logging: size (4096 bytes)\n"
        "    Count and timestamp logging messages: disabled\n"
        "    Persistent logging: disabled\n\nNo active filter modules.\n\n"
        f"    Trap logging: level {trap}, {said} message lines logged\n"
    )
    for host in hosts:
        head += (
            f"        Logging to {host}  (udp port 514, audit disabled,\n              link up),\n"
            f"              {said} message lines logged, \n"
            "              0 message lines rate-limited, \n"
            "              0 message lines dropped-by-MD, \n"
            "              xml disabled, sequence number disabled\n"
            "              filtering disabled\n"
        )
    head += "        Logging Source-Interface:       VRF Name:\n"
    source = config.value("logging source-interface")
    head += f"        {source}\n" if source else ""
    rows = "".join(f"{row}\n" for row in router.syslog)
    return f"{head}\nLog Buffer ({buffer} bytes):\n\n{rows}"


def _logs(kind: str, said: int) -> str:
    row = f"    {kind} logging: level debugging, {said} messages logged, xml disabled,"
    return f"{row}\n{'':21}filtering disabled\n"


__all__ = ["register", "stamp"]
