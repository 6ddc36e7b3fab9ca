"""``crypto key …``: RSA keys are made and erased at the terminal."""

from __future__ import annotations

from slp_sim.router import ssh_keys
from slp_sim.router.dialogue import Ask, Dialogue
from slp_sim.router.vty import Vty


def crypto_key(line: Vty, text: str) -> Dialogue:
    """Carries out ``crypto key …`` at once: keys stand in no configuration."""
    words, device = text.split(), line.router
    if words[2] == "zeroize":
        for name in words[4:5] or list(device.rsa_keys):
            device.rsa_keys.pop(name, None)
        return
    if words[2] != "generate":
        return  # exported, moved or locked: nothing of that is seen here
    name = (
        words[words.index("label") + 1] if "label" in words[:-1] else ssh_keys.default_name(device)
    )
    if name in device.rsa_keys:
        yield f"% You already have RSA keys defined named {name}.\n% They will be replaced.\n\n"
    else:
        yield f"The name for the keys will be: {name}\n"
    bits = words[words.index("modulus") + 1] if "modulus" in words[:-1] else ""
    least = ssh_keys.LEAST_BITS if device.release >= ssh_keys.REFUSES else 512
    if not bits:
        bits = yield Ask(f"How many bits in the modulus [{max(least, 1024)}]: ")
        bits = bits.strip() or str(max(least, 1024))
    if not bits.isdigit() or not least <= int(bits) <= 4096:
        yield f"% A decimal number between {least} and 4096.\n"
        return
    yield f"\n% The key modulus size is {bits} bits\n"
    yield f"% Generating {bits} bit RSA keys, keys will be non-exportable...\n"
    yield "[OK] (elapsed time was 1 seconds)\n\n"
    device.rsa_keys[name] = int(bits)
    device.record(f"RSA key of {bits} bits made")
