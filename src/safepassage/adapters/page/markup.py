"""Text from outside made safe to stand in HTML, SVG, XML and inside a script element."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import unicodedata
from collections.abc import Mapping
from typing import Any

_DIRECTION = {chr(code) for code in (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def clean(text: object) -> str:
    """Drop what no page may hold: control characters, lone surrogates, overrides of the writing direction."""
    kept = (
        " " if letter in "\t\n\r" else letter
        for letter in str(text)
        if letter in "\t\n\r"
        or (unicodedata.category(letter) not in ("Cc", "Cs") and letter not in _DIRECTION)
    )
    return "".join(kept)


def spaced(name: str) -> str:
    """Write a name as people read it: some networks, Flee's among them, put underscores for spaces."""
    return name.replace("_", " ")


def short(text: str, letters: int) -> str:
    """Cut text from outside to one line of at most so many letters."""
    line = " ".join(clean(text).split())
    return line if len(line) <= letters else line[: letters - 1].rstrip() + "…"


def esc(text: object) -> str:
    """Escape text for HTML or SVG, in elements and in quoted attributes."""
    return html.escape(clean(text), quote=True)


def json_in_script(value: Any) -> str:
    """Write JSON that cannot close the script element it stands in, nor be read as markup."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def csp_hash(text: str) -> str:
    """Give the Content-Security-Policy source that allows exactly this inline script or style."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def policy(style: str, script: str = "") -> str:
    """Give the meta element of a page that may load nothing, and run only this style and script."""
    allowed = f"style-src {csp_hash(style)}" + (f"; script-src {csp_hash(script)}" if script else "")
    content = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    return f'<meta http-equiv="Content-Security-Policy" content="{content}">'


def tag(name: str, inside: str = "", attributes: Mapping[str, object] | None = None) -> str:
    """Write one element; `inside` is markup already, attribute values are escaped, `_` becomes `-`."""
    given = "".join(
        f' {key.replace("_", "-")}="{esc(value)}"'
        for key, value in (attributes or {}).items()
        if value is not None
    )
    return f"<{name}{given}>{inside}</{name}>"
