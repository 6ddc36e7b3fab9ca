"""Lines of IOS-XE that hold a secret, as its command references write them: the value never shows.

``{}`` is where the secret stands. Each line is also met at a prompt, in the log of commands, and
within an output; a value is planted by a property test wherever text leaves the program.
"""

from __future__ import annotations

import json
import logging
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.parsers import plain
from slp_cli.ui import plain_error
from slp_core.captures import slug
from slp_core.errors import CommandRejected
from slp_core.parsing import known_commands, parse
from slp_core.secret_lines import MASK, mask_lines
from slp_core.secrets import RedactingFilter
from slp_tasks.evidence import masked, write_outputs

LINES = """
archive log config path ftp://backup:{}@10.0.0.5/configs/edge-1
 path scp://backup:{}@10.0.0.5/configs/$h-$t
copy running-config ftp://backup:{}@10.0.0.5/edge-1.cfg
copy https://backup:{}@files.example.net:8443/image.bin bootflash:
boot system ftp://loader:{}@10.0.0.5/image.bin
 enrollment url http://enroll:{}@ca.example.net:80/certsrv
ip http client proxy-server http://proxy:{}@10.0.0.6
logging persistent url ftp://logs:{}@10.0.0.7/edge
 action 4.0 mail server "mailer:{}@10.0.0.8" to "noc@example.net" from "r@example.net"
 destination address http https://tools.example.net/its/service?token={}&x=1
event manager environment _mail_password {}
event manager environment _server mailer:{} of the office
license smart trust idtoken {} local force
license smart register idtoken {} force
enable secret 9 {}
enable password {}
enable secret level 7 5 {}
enable algorithm-type scrypt secret {}
username admin privilege 15 secret 5 {}
username admin algorithm-type sha256 secret {}
username ops common-criteria-policy strict password 0 {}
 username carrier password 7 {}
 password 7 {}
 password {}
 secret 9 {}
snmp-server community {} RO 10
snmp-server community 7 {} view all RW
snmp-server host 10.1.1.1 version 2c {} udp-port 162
snmp-server host 10.1.1.1 vrf Mgmt-intf informs version 2c {}
snmp-server host 10.1.1.1 {}
snmp-server user nms ops v3 auth sha {} priv aes 128 Other-Value access 7
snmp-server user nms ops v3 auth sha Other-Value priv aes 256 {}
snmp-server user nms ops v3 encrypted auth md5 {}
snmp mib community-map {} engineid 80000009
Community name: {}
rmon event 1 log trap {} description high owner noc
tacacs-server key {}
tacacs-server key 7 {}
tacacs-server host 10.0.0.1 timeout 5 key 7 {}
 key 7 {}
 key {}
radius-server key 6 {}
radius-server host 10.0.0.2 auth-port 1812 key {}
 server-private 10.0.0.3 key 7 {}
 pac key 7 {}
 client 10.0.0.4 server-key 7 {}
 client 10.0.0.4 server-key {}
 bind authenticate root-dn cn=admin,dc=example password 7 {}
ntp authentication-key 1 md5 {} 7
ntp authentication-key 2 hmac-sha2-256 {} 7
  key-string {}
  key-string 7 {}
key config-key password-encrypt {}
crypto isakmp key {} address 10.0.0.4
crypto isakmp key 6 {} hostname peer
 pre-shared-key {}
 pre-shared-key local 6 {}
 pre-shared-key remote {}
 pre-shared-key hex {}
 pre-shared-key address 0.0.0.0 0.0.0.0 key 6 {}
 ppk manual id office key 6 {} required
 group branches key {}
 set session-key inbound esp 256 cipher {} authenticator 0123456789abcdef
 ipv6 ospf encryption ipsec spi 256 esp aes-cbc 128 7 {} sha1 7 0123
 ipv6 ospf authentication ipsec spi 500 md5 {}
crypto pki export TP pkcs12 bootflash: password {}
crypto pki import TP pkcs12 bootflash:tp.p12 {}
crypto pki export TP pem terminal 3des {}
crypto key export rsa mykey pem terminal 3des {}
 ppp chap password 7 {}
 ppp pap sent-username branch password 0 {}
 ppp eap password {}
ip ftp password {}
ip http client password 7 {}
 proxy-user office password 7 {}
 neighbor 10.0.0.2 password 7 {}
 neighbor 10.0.0.2 password {}
mpls ldp neighbor 10.0.0.2 password {}
mpls ldp neighbor vrf A 10.0.0.2 password 7 {}
mpls ldp password option 1 for peers {}
mpls ldp password fallback 7 {}
ip msdp password peer 10.0.0.9 7 {}
 ip ospf message-digest-key 1 md5 7 {}
 ip ospf authentication-key {}
 area 0 virtual-link 10.0.0.1 message-digest-key 1 md5 {}
 authentication mode hmac-sha-256 {}
 isis password {} level-2
 area-password {}
 domain-password {}
 standby 1 authentication {}
 standby 1 authentication md5 key-string 7 {} timeout 30
 vrrp 10 authentication text {}
 glbp 1 authentication md5 key-string {}
 ip nhrp authentication {}
 security wpa psk set-key ascii 0 {}
 wpa-psk ascii 7 {}
 encryption key 1 size 128bit 7 {} transmit-key
 sap pmk {}
cts credentials id edge-1 password {}
 l2tp tunnel password 7 {}
 l2tp tunnel password {}
 authorization shared-password {}
 shared-secret {}
ip wccp 61 password {}
vtp password {}
security password {} level 1
 management server password {}
cellular 0/1/0 lte profile create 1 internet chap branch {}
 authentication username 1001 password 7 {} realm example.net
 credentials username 1001 password {} realm example.net
authorization: Bearer {}
{{"access_token": "{}", "expires_in": 3600}}
https://cloudsso.example.net/token?client_secret={}&grant_type=client_credentials
""".strip("\n").splitlines()
SECRETS = st.text(
    alphabet="abcdefXYZ0123456789$/+=.:;,-_!?#%^(){}[]<>|~`\\", min_size=3, max_size=60
).map(lambda text: f"Zq7{text}w")
SURROUNDINGS = {
    "as it stands": "{}",
    "at a prompt": "edge-1(config)#{}",
    "in an output": "Current configuration : 4711 bytes\n!\nhostname edge-1\n{}\nend",
    "with line ends of a router": "hostname edge-1\r\n{}\r\nend\r\n",
}


def written(line: str, secret: str) -> str:
    """Returns the line with the secret; what URLs and JSON cannot hold is left out of it."""
    if any(mark in line for mark in ("://", "?", "mail server")):
        secret = "".join(c for c in secret if c not in "?#&:/<>[]")
    if "access_token" in line:
        secret = secret.replace("\\", "")
    return line.replace("{{", "{").replace("}}", "}").replace("{}", secret, 1)


def value_in(line: str, secret: str) -> str:
    before, _, after = line.replace("{{", "{").replace("}}", "}").partition("{}")
    whole = written(line, secret)
    return whole[len(before) : len(whole) - len(after)]


@pytest.mark.parametrize("around", sorted(SURROUNDINGS))
@pytest.mark.parametrize("line", LINES)
def test_f31_a_secret_of_the_line_is_masked(line: str, around: str) -> None:
    secret = "Zq7-vAlue$x"
    whole = written(line, secret)
    text = SURROUNDINGS[around].replace("{}", whole if around != "at a prompt" else whole.strip())
    shown = mask_lines(text)
    assert value_in(line, secret) not in shown
    assert MASK in shown
    assert mask_lines(shown) == shown
    assert shown.count("\n") == text.count("\n")
    assert [w for w in ("hostname edge-1", "end") if w in text] == [
        w for w in ("hostname edge-1", "end") if w in shown
    ]


@settings(max_examples=80)
@given(secret=SECRETS, line=st.sampled_from(LINES))
def test_f31_a_planted_secret_survives_nowhere(secret: str, line: str) -> None:
    whole, value = written(line, secret), value_in(line, secret)
    text = f"hostname edge-1\n{whole}\nend\n"
    record = logging.LogRecord("scrapli.channel", 20, "", 0, "write: %r", (whole,), None)
    RedactingFilter().filter(record)
    with tempfile.TemporaryDirectory() as folder:
        write_outputs(Path(folder), {"show running-config": text, "show tech-support": text})
        captures = "".join(p.read_text() for p in Path(folder).iterdir())
    places = {
        "evidence": masked("show running-config", text) + masked("show archive", text),
        "captures": captures,
        "logs": record.getMessage(),
        "sentences": plain_error(CommandRejected(f"{whole!r} was refused", where="edge-1")),
    }
    for place, shown in places.items():
        assert value not in shown, place


def test_f31_a_private_key_is_masked_as_a_whole() -> None:
    body = "MIIEpAIBAAKCAQEA7\nbZ0ooPq\n"
    for kind in ("RSA PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "EC PRIVATE KEY"):
        text = f"% Key name: k\n-----BEGIN {kind}-----\n{body}-----END {kind}-----\nedge-1#"
        shown = mask_lines(text)
        assert "MIIE" not in shown
        assert "ooPq" not in shown
        assert shown.endswith(f"-----END {kind}-----\nedge-1#")
    assert "MIIE" not in mask_lines(f"-----BEGIN RSA PRIVATE KEY-----\n{body}")  # cut off


HARMLESS = """
service password-encryption
security passwords min-length 8
aaa authentication login default group tacacs+ local
aaa authentication password-prompt "Your word:"
aaa group server tacacs+ ISE
key chain OSPF
 key 1
 ip ospf authentication message-digest
 ip ospf authentication key-chain OSPF
 mpls ldp password required
 pre-shared-key key-chain MKA
 standby 1 authentication md5 key-chain HSRP
crypto key generate rsa modulus 2048
crypto pki trustpoint SLA-TrustPoint
 enrollment url http://ca.example.net:80/certsrv
copy ftp://backup@10.0.0.5/edge-1.cfg bootflash:
license smart url cslu http://192.168.0.1:8182/cslu/v1/pi
license smart url https://smartreceiver.cisco.com/licservice/license
license smart transport smart
Trust Code Installed: <none>
  Password required, but none set
Last Registration: password was not asked for
  Authorization key: shown
Entitlement tag: regid.2014-05.com.cisco.ISR_4400_Application,1.0_6ff8a8a7
SLAC token is not installed
the key is not known here
2 secrets are known; the password is asked for once
""".strip("\n").splitlines()


@pytest.mark.parametrize("line", HARMLESS)
def test_what_is_no_secret_stays_readable(line: str) -> None:
    assert mask_lines(f"hostname r1\n{line}\nend") == f"hostname r1\n{line}\nend"


GOLDEN = Path(__file__).parent / "parsing" / "golden"
COMMANDS = {slug(plain(name)): name for name in known_commands()}


@pytest.mark.parametrize(
    "path", sorted(GOLDEN.glob("*/*.txt")), ids=lambda p: f"{p.parent.name}/{p.stem}"
)
def test_masked_evidence_says_the_same_facts(path: Path) -> None:
    command = plain(COMMANDS[path.parent.name])
    text = path.read_text()
    facts, again = parse(command, text), parse(command, masked(command, text))
    assert (again.status, again.data) == (facts.status, facts.data)


@pytest.mark.parametrize("word", ["key ", "://a:", "username a ", "snmp-server user a b v3 auth "])
def test_masking_takes_linear_time_on_one_long_line(word: str) -> None:
    def seconds(count: int) -> float:
        best = 1e9
        for _ in range(3):
            begun = time.process_time()
            mask_lines(word * count)
            best = min(best, time.process_time() - begun)
        return best

    assert seconds(8000) < 11 * max(seconds(2000), 1e-3)


def test_documents_stay_json_when_their_texts_are_masked() -> None:
    text = json.dumps({"line": "username x secret y9y9", "url": "ftp://u:p9p9@h/x", "n": 1})
    assert json.loads(mask_lines(text))["n"] == 1
