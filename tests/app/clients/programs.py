"""Programs out of the examples of docs/rest.md: each example as it stands, with what joins it to the others."""

import re

from tests.support.documents import Example

_IMPORT = re.compile(r"^import .*$", re.MULTILINE)
_NAMES = re.compile(r"^const (?:(\w+) =|\{([^}]*)\} =|\[([^\]]*)\] =)", re.MULTILINE)
_NEW_IN_EACH = {"data", "error", "count", "status"}

_PAGE = """import "./browser.mjs";
import.meta.env = { VITE_SUPABASE_URL: process.argv[2], VITE_SUPABASE_ANON_KEY: process.argv[3] };
const printed = [0];
const log = console.log;
console.log = (...all) => { printed[0] += 1; log(...all); };
async function said(lines) {
  for (let tries = 0; printed[0] < lines && tries < 500; tries += 1) await new Promise((done) => setTimeout(done, 10));
  printed[0] = 0;
}
"""


def page(document: list[Example], *, may_fail: str) -> str:
    """A module for Node. Arguments: the server, its key.

    Each example has a scope of its own for `data` and `error`; all other names are known to those after it. An example
    that prints nothing and ends in an error fails, unless it has the text `may_fail`.
    """
    parts = [_PAGE, *(found for example in document for found in _IMPORT.findall(example.text))]
    for example in document:
        names = _declared(example.text)
        parts += [f'log("\\x1e{example.line}");', "{", _IMPORT.sub("", example.text)]
        if "error" in names and not example.promised and may_fail not in example.text:
            parts.append("if (error) throw error;")
        parts.append(f"Object.assign(globalThis, {{ {', '.join(sorted(names - _NEW_IN_EACH))} }});")
        parts += ["}", f"await said({len(example.promised)});"]
    return "\n".join([*parts, "process.exit(0); // the clients would refresh their sessions for ever"])


def _declared(text: str) -> set[str]:
    names: set[str] = set()
    for single, members, elements in _NAMES.findall(text):
        for name in (single or members or elements).split(","):
            names.add(name.rpartition(":")[2].strip())
    return names - {""}


def script(document: list[Example], *, server: str) -> str:
    """A script for bash. The address that the document names is replaced by the server's."""
    parts = ["set -euo pipefail"]
    for example in document:
        parts += [f"printf '\\x1e{example.line}\\n'", example.text.replace("http://127.0.0.1:8080", server)]
    return "\n".join(parts)


def module(document: list[Example]) -> str:
    """A module for Python. It reads SUPABASE_URL and SUPABASE_ANON_KEY from the environment."""
    parts = []
    for example in document:
        parts += [f'print("\\x1e{example.line}")', example.text]
    return "\n".join(parts)
