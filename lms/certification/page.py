"""The public page of a certificate: one document, no script, styles of its own. Pure."""

import base64
import hashlib
from datetime import datetime
from html import escape

from lms.certification.verification import BADGES, State, Verified

STYLE = """
:root{color-scheme:light dark;--paper:#f7f7f3;--surface:#fff;--ink:#14302b;--ink-2:#3f5751;--line:#dde3dc;
--good:#0b6b45;--good-soft:#e2f4ea;--warn:#7a4d00;--warn-soft:#fbf0d6;--bad:#a3231b;--bad-soft:#fceae7;--brand:#0f6a5b}
@media (prefers-color-scheme:dark){:root{--paper:#0f1716;--surface:#172321;--ink:#eef3ee;--ink-2:#b9c7c1;
--line:#2d3d39;--good:#7fe0ae;--good-soft:#12382a;--warn:#f3cd7c;--warn-soft:#3a2c0d;--bad:#ff9f94;--bad-soft:#451c18;
--brand:#7adcc8}}
*{box-sizing:border-box;margin:0}
body{min-height:100dvh;display:grid;place-items:center;padding:1.5rem 1rem;background:var(--paper);color:var(--ink);
font:1.0625rem/1.55 Inter,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
main{width:100%;max-width:34rem;background:var(--surface);border:1px solid var(--line);border-radius:1.25rem;
padding:clamp(1.25rem,5vw,2.5rem);overflow-wrap:anywhere}
.state{display:inline-flex;gap:.6rem;align-items:center;border-radius:999px;padding:.35rem 1rem;font-weight:650}
.state svg{width:1.25rem;height:1.25rem;flex:none}
.valid{background:var(--good-soft);color:var(--good)}
.expired{background:var(--warn-soft);color:var(--warn)}
.revoked,.unknown{background:var(--bad-soft);color:var(--bad)}
h1{margin-top:1.25rem;font-size:clamp(1.6rem,1.2rem + 2.5vw,2.25rem);line-height:1.15;letter-spacing:-.02em}
.what{margin-top:.5rem;font-size:1.2rem}
.why{margin-top:1rem;color:var(--ink-2)}
dl{margin-top:1.75rem;border-top:1px solid var(--line)}
dl div{display:flex;flex-wrap:wrap;gap:.1rem 1rem;justify-content:space-between;padding:.65rem 0;
border-bottom:1px solid var(--line)}
dt{color:var(--ink-2)}
dd{font-weight:600}
code{font:600 1rem/1.5 ui-monospace,"Cascadia Mono","Liberation Mono",monospace}
details{margin-top:1.25rem;color:var(--ink-2);font-size:.9375rem}
summary{cursor:pointer;color:var(--brand);min-height:1.5rem}
summary:focus-visible{outline:3px solid var(--brand);outline-offset:3px;border-radius:4px}
.badge{margin-top:1rem;display:flex;flex-wrap:wrap;gap:.5rem 1.25rem;font-size:.9375rem}
a{color:var(--brand);min-height:1.5rem}
a:focus-visible{outline:3px solid var(--brand);outline-offset:3px;border-radius:4px}
details code{font-size:.8125rem;font-weight:400}
@media print{body{background:#fff;color:#000}main{border:0}}
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "Accept",
}
"""What accompanies the page, and the JSON in its place."""

_TICK = '<path d="m4 10.5 4 4 8-9"/>'
_CLOCK = '<circle cx="10" cy="10" r="7.5"/><path d="M10 5.5V10l3 2"/>'
_CROSS = '<path d="m5 5 10 10M15 5 5 15"/>'
_SAID: dict[State, tuple[str, str, str]] = {
    "valid": ("Valid certificate", _TICK, ""),
    "expired": ("Expired certificate", _CLOCK, "This certificate was genuine and is no longer valid."),
    "revoked": (
        "Revoked certificate",
        _CROSS,
        "This certificate was issued and has been taken back. It proves nothing.",
    ),
}


def certificate_page(found: Verified) -> str:
    """The page of a certificate that exists."""
    said, icon, why = _SAID[found.state]
    if found.is_renewed and found.state != "revoked":
        why = f"{why} A newer certificate has taken its place.".strip()
    rows = [("Issued by", escape(found.issuer)), ("Issued on", _day(found.issued_at))]
    if found.revoked_at:
        rows.append(("Revoked on", _day(found.revoked_at)))
    elif found.expires_at:
        rows.append(("Expired on" if found.state == "expired" else "Valid until", _day(found.expires_at)))
    if found.score is not None:
        rows.append(("Final score", f"{found.score}&nbsp;%"))
    rows.append(("Certificate code", f"<code>{escape(found.code)}</code>"))
    listed = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in rows)
    body = f"""
<p class="state {found.state}">{_icon(icon)}{said}</p>
<h1 dir="auto">{escape(found.holder)}</h1>
<p class="what" dir="auto">{escape(found.product)}</p>
{f'<p class="why">{why}</p>' if why else ""}
<dl>{listed}</dl>
<details><summary>Check the PDF file</summary>
<p>The file that was issued has this SHA-256 sum:</p><p><code>{found.pdf_sha256}</code></p>{_earlier(found)}</details>
{_badge(found)}"""
    return _document(f"{said}: {found.holder}", body)


def _earlier(found: Verified) -> str:
    if not found.earlier_pdf_sha256:
        return ""
    sums = "".join(f"<p><code>{one}</code></p>" for one in found.earlier_pdf_sha256)
    return f"<p>It was printed anew since. Files that were given out before have:</p>{sums}"


def _badge(found: Verified) -> str:
    if not found.has_badge:
        return ""
    return (
        f'<p class="badge"><a href="{BADGES}{found.code}.svg">Open Badge</a> '
        f'<a href="{BADGES}{found.code}">Signed credential</a></p>'
    )


def unknown_page() -> str:
    """The page for every code that is none of ours, whatever it looks like."""
    body = f"""
<p class="state unknown">{_icon(_CROSS)}Unknown certificate</p>
<h1>No certificate has this code</h1>
<p class="why">Compare it with the one on the certificate: sixteen letters and digits, in groups of four. If it is typed
correctly, the certificate was not issued here.</p>"""
    return _document("Unknown certificate", body)


def _document(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>{escape(title)}</title><style>{STYLE}</style></head>
<body><main>{body}
</main></body></html>
"""


def _icon(paths: str) -> str:
    return (
        '<svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" '
        f'stroke-linejoin="round" aria-hidden="true">{paths}</svg>'
    )


def _day(moment: datetime) -> str:
    return f'<time datetime="{moment:%Y-%m-%d}">{moment.day} {moment:%B %Y}</time>'
