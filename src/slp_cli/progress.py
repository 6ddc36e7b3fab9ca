"""A run while it goes on: a live view on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

from rich.console import Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from nornir_slp.inert import inert
from nornir_slp.states import words
from nornir_slp.views.run import counts
from nornir_slp.words import duration
from slp_cli.tables import STYLES
from slp_cli.ui import Ui
from slp_fleet.model import Event, RouterRunState, Run, StepState

_ENDED = (RouterRunState.PROVEN, RouterRunState.FAILED, RouterRunState.CANCELLED)
_BAR = 48
_ACTIVE = 14
_TOLD = 6
_HEARTBEAT_S = 10.0
_ROUTER_STATES = frozenset(RouterRunState)
_STEP_ENDS = (StepState.DONE, StepState.SKIPPED, StepState.FAILED)


@dataclass
class _Router:
    """Where one router stands, as far as it was told."""

    state: str
    wave: int
    titles: dict[str, str]
    step: str | None = None
    doing: str = ""
    since: float = field(default_factory=time.monotonic)
    reason: str = ""

    def place(self) -> str:
        """Returns the step's number and title."""
        if self.step is None or self.step not in self.titles:
            return self.step or ""
        number = list(self.titles).index(self.step) + 1
        return f"{number}/{len(self.titles)} {self.titles[self.step]}"


class RunView:
    """What was told of a run, event by event."""

    def __init__(self, run: Run) -> None:
        self.id = run.id
        self.state = run.state.value
        self.reason = run.reason
        self.waves = len(run.waves)
        self.began = time.monotonic()
        self.told: deque[tuple[str, str]] = deque(maxlen=_TOLD)
        self.routers = {
            r.router: _Router(
                r.state.value,
                r.wave,
                {s.step: s.title for s in r.steps},
                step=r.current_step,
                reason=r.reason,
            )
            for r in run.routers
        }

    def take(self, event: Event) -> None:
        """Takes one event in."""
        if event.router is None:
            self.state, self.reason = event.state, event.detail
            return
        router = self.routers.get(event.router)
        if router is None:
            return
        if event.step is not None:
            if event.step != router.step or event.state != router.doing:
                router.since = time.monotonic()
            router.step, router.doing = event.step, event.state
        if event.state in _ROUTER_STATES and (event.step is None or event.state == "person"):
            router.state, router.reason = event.state, event.detail
        elif event.step is not None and router.state not in _ENDED:
            router.state = "waiting" if event.state == "waiting" else "running"

    @property
    def counts(self) -> dict[str, int]:
        """Routers by state."""
        return dict(Counter(r.state for r in self.routers.values()))

    def wave(self) -> int:
        """Returns the number of the latest wave that has begun."""
        begun = [r.wave for r in self.routers.values() if r.state != RouterRunState.QUEUED]
        return max(begun, default=-1) + 1


class Progress(Protocol):
    """Shows a run while it goes on."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def event(self, event: Event) -> None:
        """Shows one event."""
        ...

    def say(self, text: str) -> None:
        """Shows a message of the program itself."""
        ...


def progress_of(ui: Ui, run: Run) -> Progress:
    """Returns a live view on a terminal, plain lines elsewhere, next to nothing if quiet."""
    if ui.err.is_terminal and not ui.quiet:
        return LiveProgress(ui, run)
    return PlainProgress(ui, run)


class LiveProgress:
    """Counts, waves, who is at work and what needs a person, drawn four times a second."""

    def __init__(self, ui: Ui, run: Run) -> None:
        self._view = RunView(run)
        self._live = Live(
            console=ui.err, get_renderable=self._render, refresh_per_second=4, transient=False
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def event(self, event: Event) -> None:
        self._view.take(event)
        if event.router is not None and event.step is None and event.state in _ENDED:
            self._view.told.append((event.state, f"{event.router}: {event.detail or event.state}"))

    def say(self, text: str) -> None:
        self._view.told.append(("warning", text))

    def _render(self) -> Group:
        view = self._view
        head = Text(inert(f"run {view.id}  "), style="bold")
        head.append(view.state, STYLES.get(view.state, ""))
        head.append(f"  {duration(time.monotonic() - view.began)}", style="dim")
        if view.waves:
            head.append(f"  wave {view.wave()} of {view.waves}", style="dim")
        parts: list[Text | Table] = [head, _bar(view.counts), _active(view)]
        parts += [Text(inert(f"  {t}"), style=STYLES.get(s, "")) for s, t in view.told]
        if view.reason:
            parts.append(Text(inert(view.reason), style="yellow"))
        return Group(*parts)


def _bar(counted: dict[str, int]) -> Text:
    total = sum(counted.values()) or 1
    line = Text()
    order = ("proven", "running", "waiting", "person", "queued", "failed", "blocked", "cancelled")
    for state in order:
        part = round(_BAR * counted.get(state, 0) / total)
        full = state not in ("queued", "cancelled")
        line.append(("█" if full else "░") * part, style=STYLES.get(state, ""))
    line.append(f"  {counts(counted)}")
    return line


def _active(view: RunView) -> Table:
    page = Table(box=None, pad_edge=False, show_header=False)
    for width in (None, None, None):
        page.add_column(no_wrap=True, overflow="ellipsis", width=width)
    rank = {"person": 0, "running": 1, "waiting": 2}
    active = sorted(
        ((n, r) for n, r in view.routers.items() if r.state in rank), key=lambda x: rank[x[1].state]
    )
    for name, router in active[:_ACTIVE]:
        word = words(router.state) if router.state == "person" else router.doing or router.state
        page.add_row(
            Text(inert(f"  {name}"), style="bold"),
            Text(inert(router.place())),
            Text(
                f"{word} {duration(time.monotonic() - router.since)}",
                style=STYLES.get(router.state, ""),
            ),
        )
    if len(active) > _ACTIVE:
        page.add_row(f"  and {len(active) - _ACTIVE} more", "", "")
    return page


class PlainProgress:
    """One line where a router's state changes; with ``-v`` also each step; a count now and then."""

    def __init__(self, ui: Ui, run: Run) -> None:
        self._ui = ui
        self._view = RunView(run)
        self._counted = ""
        self._last = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ui.say(f"{counts(self._view.counts)}")

    def event(self, event: Event) -> None:
        before = (
            self._view.routers[event.router].state if event.router in self._view.routers else ""
        )
        self._view.take(event)
        text = self._line(event, before)
        if text:
            self._ui.say(f"{event.at:%H:%M:%S} {text}")
        self._heartbeat()

    def say(self, text: str) -> None:
        self._ui.warn(text)

    def _line(self, event: Event, before: str) -> str | None:
        if event.router is None:
            return f"run {event.run} {event.state}" + (f": {event.detail}" if event.detail else "")
        router = self._view.routers.get(event.router)
        place = router.place() if router else event.step or ""
        detail = f": {event.detail}" if event.detail else ""
        if event.step is None:
            quiet = event.state in ("waiting", "running") and before not in ("queued", "person")
            if quiet and not self._ui.verbose:
                return None
            return f"{event.router} {words(event.state)}{detail}"
        if event.state == "person":
            said = event.detail.removeprefix(f"{words('person')}: ") or place
            return f"{event.router} {words('person')}: {said}"
        if event.state == "confirmed":
            return f"{event.router} {place}{detail}"
        if self._ui.verbose > 1 or (self._ui.verbose and event.state in _STEP_ENDS):
            return f"{event.router} {place} {event.state}{detail}"
        return None

    def _heartbeat(self) -> None:
        told = counts(self._view.counts)
        if told != self._counted and time.monotonic() - self._last > _HEARTBEAT_S:
            self._counted, self._last = told, time.monotonic()
            self._ui.say(told)
