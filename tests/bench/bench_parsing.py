"""How fast the parsers are, beside Genie's and ntc-templates' on the same outputs.

    python tests/bench/bench_parsing.py [--json]

ntc-templates is measured as its users call it (``parse_output``) and, harder for us, with its
template compiled beforehand (``textfsm``); Genie by its parser class, with its own check of the
result, as every user gets it. An output that a library refuses, or of which it makes nothing, does
not count for it. Both are looked for in this environment; Genie, which is big, may live in one of
its own: ``SLP_BENCH_GENIE=/path/to/python``. What is not installed is skipped, and said so. Exit
code 1: ours is slower than one of the two at the median, or not linear.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "src")]
CAPTURES = HERE.parent / "captures" / "data"
GOLDEN = HERE.parent / "unit" / "slp_core" / "parsing" / "golden"

Run = Callable[[str], object]

GENIE_SIDE = r"""
import json, sys, time, logging
logging.disable(logging.CRITICAL)
from unittest.mock import Mock
try:
    from genie.libs.parser.utils.common import get_parser
except ImportError as error:
    sys.exit(f"genie cannot be imported: {error}")
def best(run, text):
    times = []
    for _ in range(5):
        started = time.process_time()
        try:
            run(text)
        except Exception:
            return None
        times.append(time.process_time() - started)
    return min(times)
custom = {"abstraction": {"order": ["os"]}}
device = Mock(os="iosxe", platform=None, model=None, pid=None, version=None, custom=custom)
out = []
for command, text in json.load(sys.stdin):
    try:
        parser, kwargs = get_parser(command, device)
    except Exception:
        out.append(None)
        continue
    one = parser(device=device)
    out.append(best(lambda text: one.parse(output=text), text))
json.dump(out, sys.stdout)
"""


def samples() -> list[tuple[str, str]]:
    """Command and text of every capture and golden pair."""
    from slp_core.parsing import known_commands

    found = []
    for sidecar in sorted(CAPTURES.glob("*/*/*.json")):
        text = sidecar.with_suffix(".txt").read_text()
        found.append((json.loads(sidecar.read_text())["command"], text))
    slugs = {re.sub(r"[^a-z0-9]+", "-", name): name for name in known_commands()}
    for path in sorted(GOLDEN.glob("*/*.txt")):
        if path.parent.name in slugs and path.stem not in ("empty", "foreign"):
            found.append((slugs[path.parent.name], path.read_text()))
    return found


def best(run: Run, text: str) -> float:
    """The best of five, in seconds of processor time: others may use the machine too."""
    times = []
    for _ in range(5):
        started = time.process_time()
        run(text)
        times.append(time.process_time() - started)
    return min(times)


def ours(outputs: list[tuple[str, str]]) -> list[float | None]:
    """Our time for each output."""
    from slp_core.parsing import parse

    for command, text in outputs:
        parse(command, text)  # imports and compiles
    return [best(lambda text, c=command: parse(c, text), text) for command, text in outputs]  # type: ignore[misc]


def ntc(outputs: list[tuple[str, str]], *, compiled: bool) -> list[float | None] | str:
    """Its time where ntc-templates has a template for an output; or why there is none."""
    try:
        import ntc_templates
        import textfsm
        from ntc_templates.parse import parse_output
    except ImportError as error:
        return f"skipped: {error.name} is not installed"
    folder = Path(ntc_templates.__file__).parent / "templates"
    times: list[float | None] = []
    for command, text in outputs:
        plain = command.split(" FILESYSTEM")[0].removesuffix(" bootflash:")
        path = folder / f"cisco_ios_{re.sub(r'[^a-z0-9]+', '_', plain)}.textfsm"
        if not path.is_file():
            times.append(None)
            continue
        with path.open() as handle:
            template = textfsm.TextFSM(handle)

        def alone(text: str, template: Any = template) -> object:
            template.Reset()
            return template.ParseTextToDicts(text)

        def called(text: str, plain: str = plain) -> object:
            return parse_output(platform="cisco_ios", command=plain, data=text)

        try:
            run = alone if compiled else called
            times.append(best(run, text) if run(text) else None)
        except Exception:  # noqa: BLE001 - whatever it raises, it does not parse this output
            times.append(None)
    return times


def genie(outputs: list[tuple[str, str]]) -> list[float | None] | str:
    """Genie's time for each output that it has a parser for; or why there is none."""
    python = os.environ.get("SLP_BENCH_GENIE", sys.executable)
    done = subprocess.run(
        [python, "-c", GENIE_SIDE], input=json.dumps(outputs), capture_output=True, text=True
    )
    if done.returncode:
        reason = done.stderr.strip().splitlines()
        return f"skipped: {reason[-1] if reason else 'it ended without a word'}"
    times: list[float | None] = json.loads(done.stdout)
    return times


def compare(outputs: list[tuple[str, str]]) -> tuple[list[dict[str, Any]], list[str], bool]:
    """Returns a row per command, what was skipped, and whether ours is fastest at the median."""
    mine = ours(outputs)
    notes, rows, fastest = [], [], True
    others = {}
    for name, found in (
        ("ntc-templates", ntc(outputs, compiled=False)),
        ("textfsm", ntc(outputs, compiled=True)),
        ("genie", genie(outputs)),
    ):
        if isinstance(found, str):
            notes.append(f"{name}: {found}")
        else:
            others[name] = found
    ratios: dict[str, list[float]] = {name: [] for name in others}
    for command in sorted({command for command, _ in outputs}):
        at = [i for i, (name, _) in enumerate(outputs) if name == command]
        row: dict[str, Any] = {"command": command, "outputs": len(at)}
        row["ours_ms"] = 1000 * statistics.median(mine[i] or 0.0 for i in at)
        for name, times in others.items():
            pairs = [(mine[i], times[i]) for i in at if times[i] is not None]
            row[f"{name}_ms"] = (
                1000 * statistics.median(t for _, t in pairs if t is not None) if pairs else None
            )
            ratios[name] += [t / m for m, t in pairs if t is not None and m]
        rows.append(row)
    for name, found_ratios in ratios.items():
        if found_ratios:
            median = statistics.median(found_ratios)
            fastest = fastest and (median >= 1.0 or name == "textfsm")
            notes.append(
                f"{name}: ours is {median:.1f} times as fast at the median of"
                f" {len(found_ratios)} outputs (least {min(found_ratios):.1f})"
            )
    return rows, notes, fastest


def growth(
    outputs: list[tuple[str, str]], sizes: tuple[int, int]
) -> tuple[list[dict[str, Any]], bool]:
    """Returns seconds per megabyte at two sizes of big outputs; they must not part."""
    from slp_core.parsing import parse

    rows, linear = [], True
    for command in (
        "show license all",
        "show license summary",
        "show version",
        "show running-config",
    ):
        body = "\n".join(text for name, text in outputs if name == command)
        row: dict[str, Any] = {"command": command}
        for size in sizes:
            text = (body * (1 + size // len(body)))[:size]
            row[f"s_per_mb_at_{size / 1e6:g}_mb"] = min(
                _seconds(parse, command, text) / (size / 1e6) for _ in range(2)
            )
        small, big = list(row.values())[1:]
        linear = linear and big < 2 * small + 0.1
        rows.append(row)
    return rows, linear


def _seconds(run: Callable[[str, str], object], command: str, text: str) -> float:
    started = time.process_time()
    run(command, text)
    return time.process_time() - started


def main() -> int:
    """Prints the comparison; says by its exit code whether it holds."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.add_argument("--smallest", action="store_true", help="few outputs, small ones")
    asked = parser.parse_args()
    outputs = samples()
    span = (50_000, 500_000) if asked.smallest else (500_000, 5_000_000)
    sizes, linear = growth(outputs, span)
    if asked.smallest:
        outputs = list({command: (command, text) for command, text in outputs}.values())
    rows, notes, fastest = compare(outputs)
    if asked.json:
        print(json.dumps({"commands": rows, "notes": notes, "growth": sizes}, indent=1))
        return 0 if fastest and linear else 1
    heads = ("ours", "ntc", "textfsm", "genie")
    print(f"{'median ms per output':46} {'n':>3} " + " ".join(f"{head:>8}" for head in heads))
    for row in rows:
        names = ("ours", "ntc-templates", "textfsm", "genie")
        cells = [row.get(f"{name}_ms") for name in names]
        shown = " ".join(f"{cell:8.2f}" if cell is not None else f"{'-':>8}" for cell in cells)
        print(f"{row['command']:46} {row['outputs']:3} {shown}")
    print()
    for row in sizes:
        small, big = list(row.values())[1:]
        at = [f"{size / 1e6:g} MB" for size in span]
        print(f"{row['command']:46} {small:.2f} s/MB at {at[0]}, {big:.2f} s/MB at {at[1]}")
    print()
    print("\n".join(notes))
    print(f"{'' if linear else 'NOT '}linear to {span[1] / 1e6:g} MB")
    return 0 if fastest and linear else 1


if __name__ == "__main__":
    sys.exit(main())
