"""What looks like a secret in the text of a router, a log or a request: one compiled pass.

A text is searched for the words that go with secrets; only lines with such a word are looked at
closer. The list follows the command references of IOS-XE: logins, AAA servers, routing and
first-hop protocols, IPsec and PKI, PPP and wireless, SNMP and NTP, addresses with a login in them.
What has no value beside it (``service password-encryption``, ``key chain NAME``) stays readable.
"""

from __future__ import annotations

import re

MASK = "********"

_WORDS = (
    "pass", "secret", "key", "communit", "snmp", "token", "credential", "://", "authentic",
    "environment", "cipher", "spi ", "pmk", "mail server", "rmon", "profile create", "bearer ",
    "basic ", "psk", "pki ", "crypto ca",
)  # fmt: skip
_HINT = re.compile(
    f"[{''.join(sorted({w[0] for w in _WORDS}))}](?:{'|'.join(w[1:] for w in _WORDS)})"
)
"""Some word of these, in lower case: the first letter is looked for alone, which is quick."""
_B = r"[ \t]+"
_TYPE = (
    rf"(?:(?:\d{{1,2}}|encrypted|clear|cleartext|ascii|hex|md5|text|encryption-type{_B}\d+)"
    rf"{_B}(?=\S))?"
)
"""How a value is kept, where that is said before it."""
_FAR = r"[^\n]{0,200}?"
_START = r"(?:^[ \t]+|\)#[ \t]*|[\"'][ \t]*)"
"""A line of a configuration's block, one typed at the prompt of configuration mode, or cited."""
_NO_VALUE = r"(?!(?:chain|key-chain|required|rollover|encryption|policy|authentication|is|was)\b)"

_BEFORE = (
    # addresses with a login: the user may be read, the password may not
    r"://[^\s/@:?#\[]{0,200}:(?!\d{1,5}(?:[/\s?#\"']|$))(?=\S{1,256}@)",
    rf"\bmail{_B}server{_B}\"?[^\s:\"@]{{1,200}}:(?=\S{{1,256}}@)",
    r"\bauthorization[\"']?[ \t]*[:=,][ \t]*b?[\"']?(?:bearer|basic)[ \t]+",
    # logins
    rf"\bidtoken{_B}",
    rf"\benable{_B}(?:algorithm-type{_B}\S+{_B})?(?:secret|password){_B}"
    rf"(?:level{_B}\d+{_B})?{_TYPE}",
    rf"\busername{_B}\S+{_FAR}\b(?:secret|password){_B}{_TYPE}",
    rf"\b(?:password|secret|passphrase|passwd){_B}(?:\d{{1,2}}|encrypted){_B}",
    rf"\b(?:chap|pap|eap|ftp|client|tunnel|server|vtp|security|mqtt){_B}password{_B}"
    rf"{_NO_VALUE}{_TYPE}",
    rf"\bneighbor{_B}\S+{_B}password{_B}{_TYPE}",
    rf"\b(?:bind{_B}authenticate|credentials|cts|wccp|sent-username){_FAR}"
    rf"\bpassword{_B}{_TYPE}",
    rf"\bmsdp{_B}password{_B}peer{_B}\S+{_B}{_TYPE}",
    rf"\bmpls{_B}ldp\b{_FAR}\bpassword{_B}(?:option{_B}\d+{_B}for{_B}\S+{_B}|fallback{_B})?"
    rf"(?!(?:option|fallback)\b){_NO_VALUE}{_TYPE}",
    rf"\bprofile{_B}create{_B}\d+{_B}\S+{_B}(?:pap_chap|chap|pap){_B}\S+{_B}",
    rf"{_START}(?-i:password|secret|passphrase|shared-secret){_B}{_NO_VALUE}{_TYPE}",
    rf"\bshared-(?:password|secret){_B}{_TYPE}",
    rf"\b(?:area|domain)-password{_B}{_TYPE}",
    rf"\bisis{_B}password{_B}{_TYPE}",
    # keys
    rf"\bkey{_B}\d{{1,2}}{_B}(?=\S)",
    rf"(?:^[ \t]*|\)#[ \t]*)key{_B}(?!chain\b|\d{{1,3}}\b)(?=\S+[ \t\r\"]*$)",
    rf"[\"'][ \t]*key{_B}(?!chain\b|\d{{1,3}}\b)(?=[^\s\"']+[\"'])",
    rf"\b(?:tacacs|radius)(?:-server)?\b{_FAR}\bkey{_B}(?!\d{{1,2}}{_B})",
    rf"\bserver-private\b{_FAR}\bkey{_B}(?!\d{{1,2}}{_B})",
    rf"\b(?:pac{_B}key|server-key){_B}{_TYPE}",
    rf"\bgroup{_B}\S+{_B}key{_B}{_TYPE}",
    rf"\bppk{_B}manual{_B}id{_B}\S+{_B}key{_B}{_TYPE}",
    rf"\bconfig-key{_B}\S+{_B}",
    rf"\bkey-string{_B}{_TYPE}",
    rf"\bpre-shared-key{_B}(?!key-chain\b)(?:(?:address|hostname){_B}[^\n]{{0,200}}?\bkey{_B}"
    rf"|(?:local|remote){_B})?{_TYPE}",
    rf"\bcrypto{_B}isakmp{_B}key{_B}{_TYPE}",
    rf"\bset{_B}session-key{_B}(?:inbound|outbound){_B}(?:ah|esp){_B}\d+{_B}(?:cipher{_B})?",
    rf"\bauthenticator{_B}(?=[0-9a-f]{{8}})",
    rf"\bspi{_B}\d+{_B}(?:(?:esp|md5|sha1?|null|des|3des|aes-cbc|\d+){_B})*",
    rf"\bsap{_B}pmk{_B}",
    rf"\bauthentication-key{_B}(?:\d+{_B}[a-z][\w-]*{_B})?{_TYPE}",
    rf"\bmessage-digest-key{_B}\d+{_B}\S+{_B}{_TYPE}",
    rf"\b(?:standby|vrrp|glbp){_B}[^\n]{{0,40}}?\bauthentication{_B}"
    rf"(?:text{_B}|md5{_B}key-string{_B})?(?!md5{_B}key-){_TYPE}",
    rf"\bnhrp{_B}authentication{_B}",
    rf"\bauthentication{_B}mode{_B}hmac-sha-256{_B}{_TYPE}",
    rf"\b(?:wpa-psk|set-key){_B}{_TYPE}{_TYPE}",
    rf"\bencryption{_B}key{_B}\d+{_B}size{_B}\S+{_B}{_TYPE}",
    rf"\bcrypto{_B}(?:pki|ca|key){_B}(?:import|export)\b{_FAR}"
    rf"(?:\b(?:password|passphrase){_B}{_TYPE}|\b(?:3des|des){_B}(?!url\b)"
    rf"|\bpkcs12{_B}\S+{_B}(?!password\b))",
    # SNMP
    rf"\bsnmp-server{_B}community{_B}{_TYPE}",
    rf"\bcommunity-map{_B}",
    r"\bcommunity (?:name|index|securityname)[ \t]*:[ \t]*",
    rf"\bsnmp-server{_B}host{_B}\S+{_B}(?:vrf{_B}\S+{_B})?(?:(?:informs|traps){_B})?"
    rf"(?:version{_B}(?:1|2c|3{_B}(?:auth|noauth|priv)){_B})?",
    rf"\b(?:snmp-server{_B}user{_B}{_FAR}\b)auth{_B}(?:md5|sha(?:-?\d+)?"
    rf"(?:{_B}(?:224|256|384|512))?){_B}",
    rf"\bpriv{_B}(?:des|3des|aes(?:{_B}\d+)?){_B}",
    rf"\brmon{_B}event{_B}\d+{_FAR}\btrap{_B}",
)
_REST = (rf"\bevent{_B}manager{_B}environment{_B}\S+{_B}",)
"""Before values that go on to the end of the line."""
_QUOTED = (r"\"(?:access_token|refresh_token|client_secret)\"[ \t]*:[ \t]*\"",)
_QUERY = (r"[?&](?:pass(?:word|wd)|(?:access_)?token|client_secret|secret)=",)
_SECRET = re.compile(
    r"(?:(?<!\w)|(?=[:?&)\"']))(?:"  # nothing begins within a word: most places are left at once
    + "|".join(
        [
            *(f"({before})[^\\n\\r]+" for before in _REST),
            *(f'({before})[^"\\n]+' for before in _QUOTED),
            *(f"({before})[^\\s&]+" for before in _QUERY),
            *(f"({before})\\S+" for before in _BEFORE),
        ]
    )
    + ")",
    re.IGNORECASE | re.MULTILINE,
)
_AFTER = re.compile(r"[\"'][\"',;)\]}]*\Z")
"""What closes a text that a value stands at the end of."""

_BLOCK = re.compile(
    r"(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----)(?:(?!-----END)[\s\S])*"
    r"|(<(?:authorizationCode|smartLicenseAuthorizationCode|signature)>)[^<]*",
    re.IGNORECASE,
)


def mask_lines(text: str) -> str:
    """Returns a text without what looks like a secret; what stands before it stays."""
    if "<" in text or "PRIVATE KEY" in text:
        text = _BLOCK.sub(lambda m: (m[1] or m[2]) + MASK, text)
    lower = text.lower()
    if len(lower) != len(text):  # a letter that is longer in lower case: none of ours
        lower = "".join(c.lower() if c.isascii() else c for c in text)
    parts: list[str] = []
    done = 0
    while (hint := _HINT.search(lower, done)) is not None:
        start = text.rfind("\n", done, hint.start()) + 1 or done
        end = text.find("\n", hint.end())
        end = len(text) if end < 0 else end
        parts += (text[done:start], _masked(text[start:end]))
        done = end
    return "".join((*parts, text[done:])) if parts else text


def _masked(line: str) -> str:
    return _SECRET.sub(_replaced, line)


def _replaced(match: re.Match[str]) -> str:
    before = match[match.lastindex or 0]
    value = match[0][len(before) :]
    if before.endswith(":") and "@" in value and ("://" in before or "server" in before.lower()):
        return f"{before}{MASK}{value[value.rfind('@') :]}"
    after = _AFTER.search(value, 1)
    return before + MASK + (after[0] if after else "")
