"""What an operator looks at every day beside licences: lines, clients, neighbours, servers."""

from __future__ import annotations

from slp_sim.router.catalog import stable
from slp_sim.router.render.interfaces import ports
from slp_sim.router.router import Router
from slp_sim.router.vty import Vty


def users(line: Vty) -> str:
    """Returns ``show users``; ``*`` marks the line that asks."""
    router = line.router
    text = "    Line       User       Host(s)              Idle       Location\n"
    for other in sorted(router.lines, key=lambda x: x.vty):
        idle = int((router.clock.now() - other.used_at).total_seconds())
        since = f"{idle // 3600:02}:{idle % 3600 // 60:02}:{idle % 60:02}"
        mark = "*" if other is line else " "
        where = f"{other.vty + 2:>3} vty {other.vty:<5}"
        text += f"{mark}{where} {other.username:<10} idle                 {since} 127.0.0.1\n"
    return f"{text}\n  Interface    User               Mode         Idle     Peer Address\n\n"


def ssh(line: Vty) -> str:
    """Returns ``show ssh``: two rows a session, one each way."""
    text = "Connection Version Mode Encryption  Hmac         State                 Username\n"
    for other in line.router.lines:
        for mode in ("IN", "OUT"):
            text += f"{other.vty:<10} 2.0     {mode:<4} aes256-ctr  hmac-sha2-256"
            text += f" Session started       {other.username}\n"
    return text + "%No SSHv1 server connections running.\n"


def lines(line: Vty) -> str:
    """Returns ``show line``."""
    rows = [("0", "CTY"), ("1", "AUX"), *((str(n + 2), "VTY") for n in range(5))]
    busy = {str(x.vty + 2) for x in line.router.lines}
    text = "   Tty Typ     Tx/Rx    A Modem  Roty AccO AccI   Uses   Noise  Overruns   Int\n"
    for number, kind in rows:
        mark = "*" if number in busy else " "
        text += f"{mark}{number:>6} {kind}              -    -      -    -    -      0       0"
        text += "     0/0       -\n"
    return text


def arp(router: Router) -> str:
    """Returns ``show ip arp``: what the router itself has; neighbours are not modelled."""
    text = "Protocol  Address          Age (min)  Hardware Addr   Type   Interface\n"
    for port in ports(router):
        if port.address is not None and port.up and port.name.startswith(("Gig", "Ten", "Fast")):
            mac = f"{stable(router.serial + port.name, 2**40):010x}"
            mac = f"00{mac[:2]}.{mac[2:6]}.{mac[6:]}"
            text += f"Internet  {port.address.ip!s:<15}         -   {mac}  ARPA   {port.name}\n"
    return text


def hosts(router: Router) -> str:
    """Returns ``show hosts``."""
    config = router.running
    off = config.has("no ip domain lookup")
    servers = [x.split()[-1] for x in config.values("ip name-server")] or ["255.255.255.255"]
    text = (
        "Name lookup view: Global\n"
        f"Default domain is {config.value('ip domain name') or 'not set'}\n"
        f"Name/address lookup uses {'static mappings' if off else 'domain service'}\n"
        f"Name servers are {', '.join(servers)}\n\n"
        "Codes: UN - unknown, EX - expired, OK - OK, ?? - revalidate\n"
        "       temp - temporary, perm - permanent\n"
        "       NA - Not Applicable None - Not defined\n\n"
        "Host                      Port  Flags      Age Type   Address(es)\n"
    )
    for words in (x.split() for x in config.values("ip host")):
        if len(words) > 1 and words[0] != "vrf":
            text += f"{words[0]:<25} None  (perm, OK)  0   IP    {words[1]}\n"
    return text


def vrfs(router: Router) -> str:
    """Returns ``show vrf``."""
    text = "  Name                             Default RD            Protocols   Interfaces\n"
    for head, rows in router.running.sections():
        if not head.startswith("vrf definition "):
            continue
        name = head.split()[-1]
        rd = next((r.split()[-1] for r in rows if r.startswith("rd ")), "<not set>")
        kinds = [r.split()[-1] for r in rows if r.startswith("address-family ")] or ["ipv4"]
        inside = [p.name for p in ports(router) if p.value("vrf forwarding ") == name]
        short = [x.replace("GigabitEthernet", "Gi").replace("Loopback", "Lo") for x in inside]
        text += f"  {name:<32} {rd:<21} {','.join(kinds):<11} {short[0] if short else ''}".rstrip()
        text += "\n" + "".join(f"{'':70}{x}\n" for x in short[1:])
    return text


def ntp_associations(router: Router) -> str:
    """Returns ``show ntp associations``."""
    text = "  address         ref clock       st   when   poll reach  delay  offset   disp\n"
    for server in (x.split()[-1] for x in router.running.values("ntp server")):
        if router.synchronised():
            offset = f"{router.clock_offset * 1000:7.3f}"
            text += f"*~{server:<15} .GPS.            2     33     64   377  2.013 {offset}"
            text += "  1.049\n"
        else:
            text += f" ~{server:<15} .INIT.          16      -     64     0  0.000   0.000"
            text += " 15937.\n"
    return text + " * sys.peer, # selected, + candidate, - outlyer, x falseticker, ~ configured\n"


def http_server(router: Router) -> str:
    """Returns ``show ip http server status``."""
    config = router.running
    plain = "Enabled" if config.has("ip http server") else "Disabled"
    secure = "Enabled" if config.has("ip http secure-server") else "Disabled"
    how = config.value("ip http authentication") or "enable"
    return (
        f"HTTP server status: {plain}\nHTTP server port: {config.value('ip http port') or 80}\n"
        "HTTP server active supplementary listener ports: \n"
        f"HTTP server authentication method: {how}\n"
        "HTTP server auth-retry 0 time-window 0\nHTTP server digest algorithm: md5\n"
        "HTTP server access class: 0\nHTTP server IPv4 access class: None\n"
        "HTTP server IPv6 access class: None\nHTTP server base path: \n"
        "HTTP server help root: \nMaximum number of concurrent server connections allowed: 300\n"
        "Server idle time-out: 180 seconds\nServer life time-out: 180 seconds\n"
        "Server session idle time-out: 600 seconds\nMaximum number of requests allowed on a "
        "connection: 25\nServer linger time : 60 seconds\n"
        "HTTP server active session modules: ALL\n"
        f"HTTP secure server capability: Present\nHTTP secure server status: {secure}\n"
        f"HTTP secure server port: {config.value('ip http secure-port') or 443}\n"
        "HTTP secure server client authentication: Disabled\n"
        f"HTTP secure server trustpoint: {config.value('ip http secure-trustpoint') or ''}\n"
    )


def trustpoints(router: Router) -> str:
    """Returns ``show crypto pki trustpoints``: the licensing agent's own, and the configured."""
    names = ["SLA-TrustPoint"] if router.agent.model in ("smart", "slp") else []
    head = "crypto pki trustpoint "
    names += [h.removeprefix(head) for h, _ in router.running.sections() if h.startswith(head)]
    text = ""
    for name in dict.fromkeys(names):
        text += f"Trustpoint {name}:\n    Subject Name: \n"
        text += "    cn=Cisco Licensing Root CA\n    o=Cisco\n"
        text += "          Serial Number (hex): 01\n    Certificate configured.\n\n"
    return text + "\n"


def environment(router: Router) -> str:
    """Returns ``show environment``."""
    alarms = "".join(f"Number of {x:<16} 0\n" for x in ("Critical alarms:", "Major alarms:"))
    text = f"\n{alarms}{'Number of Minor alarms:':<26} 0\n\n"
    if router.platform.virtual:
        return text
    warm = [stable(f"{router.serial}{what}", 8) for what in ("power", "inlet", "cpu")]
    rows = (
        ("P0", "PEM Iout", f"{3 + warm[0]} A"),
        ("P0", "PEM Vout", "12 V DC"),
        ("R0", "Temp: Inlet 1", f"{22 + warm[1]} Celsius"),
        ("R0", "Temp: CPU", f"{40 + warm[2]} Celsius"),
    )
    text += " Slot        Sensor          Current State    Reading\n"
    text += " ----        ------          -------------    -------\n"
    return text + "".join(f" {a:<11} {b:<15} {'Normal':<16} {c}\n" for a, b, c in rows) + "\n"


def call_home(router: Router) -> str:
    """Returns ``show call-home``: its settings, as far as they are configured."""
    rows = router.running.section("call-home")
    value = {words[0]: " ".join(words[1:]) for words in (r.split() for r in rows) if len(words) > 1}
    on = router.running.has("service call-home") or bool(rows)
    return (
        f"Current call home settings:\n    call home feature : {'enable' if on else 'disable'}\n"
        f"    call home message's from address: {value.get('sender', 'Not yet set up')}\n"
        "    call home message's reply-to address: Not yet set up\n\n"
        f"    vrf for call-home messages: {value.get('vrf', 'Not yet set up')}\n\n"
        "    contact person's email address: "
        f"{value.get('contact-email-addr', 'Not yet set up')}\n\n"
        f"    source interface: {value.get('source-interface', 'Not yet set up')}\n"
        f"    http proxy: {value.get('http-proxy', 'Not yet set up')}\n"
        "    smart licensing messages: enabled\n    Profiles:\n"
        "        Profile Name: CiscoTAC-1\n\n"
    )


def aliases(_router: Router) -> str:
    """Returns ``show alias``."""
    rows = (("h", "help"), ("lo", "logout"), ("p", "ping"), ("s", "show"), ("u", "undebug"))
    return "Exec mode aliases:\n" + "".join(f"  {a:<22}{b}\n" for a, b in (*rows, ("w", "where")))
