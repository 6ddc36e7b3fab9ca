"""The small forms that many outputs share: dates, durations, cut names."""

from __future__ import annotations

from datetime import datetime

from slp_sim.router.router import Router


def stamp(when: datetime | None) -> str:
    """Returns a date as licensing outputs print it; ``<none>`` where there is none."""
    return f"{when:%b %d %H:%M:%S %Y} UTC" if when is not None else "<none>"


def clock_line(router: Router) -> str:
    """Returns the time as ``show clock`` prints it, without its mark."""
    now = router.now()
    return f"{now:%H:%M:%S}.{now.microsecond // 1000:03} UTC {now:%a %b} {now.day} {now:%Y}"


def load_lines(router: Router) -> str:
    """Returns what ``terminal exec prompt timestamp`` puts before an output."""
    source = "NTP" if router.synchronised() else "hardware calendar"
    load = "Load for five secs: 3%/0%; one minute: 2%; five minutes: 2%\n"
    return f"{load}Time source is {source}, {clock_line(router)}\n\n"


def install_time(router: Router) -> str:
    """Returns the time as install mode prints it."""
    return f"{router.now():%a %b %d %H:%M:%S} UTC {router.now():%Y}"


def span(seconds: float) -> str:
    """Returns what is left as ``89 days, 23 hours, 57 minutes, 0 seconds``."""
    left = max(int(seconds), 0)
    days, rest = divmod(left, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{days} days, {hours} hours, {minutes} minutes, {secs} seconds"


def weeks(seconds: float) -> str:
    """Returns a period as Cisco Software Licensing prints it: its two largest units."""
    units = [("week", 604800), ("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)]
    left = max(int(seconds), 0)
    if left < 60:
        return f"0 minute {left} second{'' if left in (0, 1) else 's'}"
    words: list[str] = []
    for name, size in units:
        count, left = divmod(left, size)
        if count or words:
            words.append(f"{count} {name}{'' if count == 1 else 's'}")
        if len(words) == 2:
            break
    return " ".join(words)


def uptime(seconds: float) -> str:
    """Returns an uptime as ``show version`` prints it."""
    units = [("year", 31536000), ("week", 604800), ("day", 86400), ("hour", 3600), ("minute", 60)]
    left = max(int(seconds), 0)
    words = []
    for name, size in units:
        count, left = divmod(left, size)
        if count:
            words.append(f"{count} {name}{'' if count == 1 else 's'}")
    return ", ".join(words) or "0 minutes"


def cut(text: str, width: int) -> str:
    """Returns a name that fits a column, cut by ``...`` where it is longer."""
    return text if len(text) <= width else f"{text[: width - 3]}..."


def section(title: str) -> str:
    """Returns the title of a part of ``show license all``, underlined."""
    return f"{title}\n{'=' * len(title)}\n\n"
