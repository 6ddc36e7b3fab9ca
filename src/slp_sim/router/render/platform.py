"""What the platform prints: throughput, CERM, flash, install mode, boot, hardware, time."""

from __future__ import annotations

from slp_sim.router.render.text import clock_line
from slp_sim.router.router import Router


def throughput_level(router: Router) -> str:
    """Returns ``show platform hardware throughput level``."""
    level = router.level()
    if level is None:
        return "The current throughput level is unthrottled\n"
    short = (16, 10, 0) <= _numbers(router) < (17, 1, 0) or _numbers(router) >= (17, 4, 0)
    return f"The current throughput level is {level} {'kb/s' if short else 'kbps'}\n"


def _numbers(router: Router) -> tuple[int, int, int]:
    release = router.release
    return release.major, release.minor, release.number


def throughput_crypto(router: Router) -> str:
    """Returns ``show platform hardware throughput crypto``."""
    configured = router.running.value("platform hardware throughput crypto")
    if router.platform.tiers:
        level, enforced = configured or "T1", router.settled_crypto or "T1"
        word = "not throttled" if router.agent.hseck9_allowed() else "throttled"
        need = "reboot is not required" if level == enforced else "reboot is required"
        saved = "not saved" if router.modified() and level != enforced else "saved"
        return (
            f"Current configured crypto throughput level: {level}\n"
            f"     Level is {saved}, {need}\n"
            f"Current enforced crypto throughput level: {enforced}\n"
            f"Crypto Throughput is {word}\n"
            "Default Crypto throughput level: T1\n"
        )
    if configured is None or configured == "unthrottled":
        if router.agent.authorized_above_250m() or not router.platform.crypto:
            return "The current crypto level is unthrottled\n"
        return "The current crypto level is 50000 kbps\n"
    return f"The current crypto level is {configured} kbps\n"


def cerm(router: Router) -> str:
    """Returns ``show platform software cerm-information``."""
    title = f"Crypto Export Restrictions Manager{router.platform.cerm_gap}(CERM) Information:\n"
    if router.agent.authorized_above_250m() and not router.held_at_250m():
        return f"{title}  CERM functionality: DISABLED\n"
    rule = "-" * 64 + "\n"
    clients = "".join(
        f"{name:<18}{0:<19}{sessions}\n"
        for name, sessions in (("VOICE", "0"), ("IPSEC", "N/A"), ("SSLVPN", "N/A"))
    )
    failed = "".join(
        f"{f'Failed {what}:':<35}0\n"
        for what in (
            "tunnels",
            "sessions",
            "encrypt pkts",
            "encrypt pkt bytes",
            "decrypt pkts",
            "decrypt pkt bytes",
        )
    )
    limits = "".join(
        f"{f'Number of {w}':<37}{1000:<21}{1000}\n" for w in ("tunnels", "TLS sessions")
    )
    return (
        f"{title} CERM functionality: ENABLED\n\n {rule}"
        f" {'Resource':<36}{'Maximum Limit':<21}Available\n {rule}"
        f"{limits}\n Resource reservation information:\n D - Dynamic\n\n {rule}"
        f" {'Client':<17}{'Tunnels':<19}TLS Sessions\n {rule}"
        f"{clients}\n Statistics information:\n{failed}"
    )


def inventory(router: Router) -> str:
    """Returns ``show inventory``."""
    pid, serial = router.pid, router.serial
    board = pid.split("/")[0]
    cpu = f"{serial[:3]}{serial[-8:][::-1]}"
    return (
        "+" * 77
        + '\nINFO: Please use "show license UDI" to get serial number for licensing.\n'
        + "+" * 77
        + f'\n\nNAME: "Chassis", DESCR: "Cisco {board} Chassis"\n'
        f"PID: {pid:<18}, VID: V01  , SN: {serial}\n\n"
        f'NAME: "module R0", DESCR: "Cisco {board} Route Processor"\n'
        f"PID: {pid:<18}, VID: V01  , SN: {cpu}\n\n"
    )


def ntp_status(router: Router) -> str:
    """Returns ``show ntp status``."""
    servers = router.running.values("ntp server")
    if not router.synchronised():
        return (
            "Clock is unsynchronized, stratum 16, no reference clock\n"
            "nominal freq is 250.0000 Hz, actual freq is 250.0000 Hz, precision is 2**10\n"
        )
    offset = router.clock_offset * 1000
    return (
        f"Clock is synchronized, stratum 3, reference is {servers[0].split()[-1]}\n"
        "nominal freq is 250.0000 Hz, actual freq is 249.9987 Hz, precision is 2**10\n"
        f"clock offset is {offset:.4f} msec, root delay is 2.01 msec\n"
        "loopfilter state is 'CTRL' (Normal Controlled Loop), drift is 0.000005 s/s\n"
        "system poll interval is 64, last update was 33 sec ago.\n"
    )


def clock(router: Router) -> str:
    """Returns ``show clock``: ``*`` marks a time that nothing vouches for."""
    return f"{'' if router.synchronised() else '*'}{clock_line(router)}\n"
