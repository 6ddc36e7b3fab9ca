"""Text becomes values here, once: one parser a show command, and the state that they add up to.

``lines``, ``values``, ``grammar``, ``engine``, ``command`` are the layer that all parsers share;
``commands/`` holds one short file a parser (or a few that belong together); ``assemble`` unites
what several commands say of one router. Nothing here touches a network, a file or a clock.
"""

from slp_core.parsing.assemble import COLLECT, asked_besides, assemble
from slp_core.parsing.command import Command, Parsed
from slp_core.parsing.messages import Message
from slp_core.parsing.registry import known_commands, parse, resolve

__all__ = [
    "COLLECT", "Command", "Message", "Parsed", "asked_besides", "assemble", "known_commands",
    "parse", "resolve",
]  # fmt: skip
