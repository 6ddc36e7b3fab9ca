"""OpenSSH under scrapli, which hands it every variable of ours: here it gets those it is given.

Options (``transport_options``): ``environment``, the variables of the child; none where left out.
The rest is scrapli's own transport ``system``. A login is answered by whoever opens it.
"""

from __future__ import annotations

from scrapli.transport.plugins.system.transport import (
    PluginTransportArgs as PluginTransportArgs,  # scrapli looks for it here
)
from scrapli.transport.plugins.system.transport import SystemTransport


class SlpsystemTransport(SystemTransport):
    """scrapli's transport ``system`` with an environment of its own."""

    def _build_open_cmd(self) -> None:
        super()._build_open_cmd()
        given = self._base_transport_args.transport_options.get("environment") or {}
        # `env` becomes `ssh`: the same process, and nothing of ours changes while threads run.
        variables = [f"{name}={value}" for name, value in sorted(given.items())]
        self.open_cmd = ["env", "-i", *variables, *self.open_cmd]
