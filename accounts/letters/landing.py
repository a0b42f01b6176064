"""The small page that a link in a letter opens: no script, one style sheet of its own, light and dark. Pure."""

from html import escape
from typing import Literal

from accounts.letters.layout import BRAND, FONT, INK, PAPER

_STYLE = f"""
:root {{ color-scheme: light dark; }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; {FONT};
  background: light-dark({PAPER}, #101c19); color: light-dark({INK}, #e8efe9); }}
main {{ max-width: 26rem; padding: 2rem; text-align: center; }}
h1 {{ font-size: 1.5rem; }}
p {{ line-height: 1.55; }}
form {{ display: grid; gap: 0.8rem; margin-top: 1.5rem; }}
button {{ padding: 0.8rem 1.6rem; border: 2px solid transparent; border-radius: 0.7rem; font: inherit;
  font-weight: 600; cursor: pointer; background: light-dark({BRAND}, #5fd0b8);
  color: light-dark(#fff, #08201b); }}
button + button {{ background: none; color: inherit; border-color: currentColor; }}
button:focus-visible {{ outline: 3px solid currentColor; outline-offset: 3px; }}
"""


def landing_page(
    title: str,
    inside: str,
    *,
    nonce: str,
    heading: str | None = None,
    language: str = "en",
    direction: Literal["ltr", "rtl"] = "ltr",
) -> str:
    """A document. `title` and `heading` (the title, when left out) are plain text, `inside` is HTML below the heading.

    `nonce` is the one that the answer's content policy allows styles for.
    """
    return f"""<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · CallX</title>
<style nonce="{nonce}">{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(heading or title)}</h1>
{inside}
</main>
</body>
</html>
"""
