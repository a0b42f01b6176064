"""How a letter looks: one column, as text and as HTML that mail programs understand, in light and dark. Pure.

All of a Content is plain text: it is escaped here, and nowhere before. Mail programs that know no style sheets get the
light letter out of the `style` attributes; the style sheet only adds what needs one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from core.localised import Language

INK, MUTED, LINE, PAPER, BRAND = "#16302b", "#5b6f6a", "#dfe6e1", "#f6f7f2", "#0f6b5c"
FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"

Tone = Literal["calm", "soon", "late", "proud"]
TONES: dict[Tone, tuple[str, str]] = {
    "calm": (BRAND, "#e7f1ee"),
    "soon": ("#8a5a00", "#fdf3dc"),
    "late": ("#a1322b", "#fbe9e7"),
    "proud": ("#7a5c00", "#faf1cf"),
}
"""Of each tone the strong colour and the one behind it."""

_STYLE = """
@media (prefers-color-scheme: dark) {
  .paper { background: #101c19 !important; }
  .sheet { background: #172723 !important; border-color: #2a3f39 !important; }
  .ink { color: #e8efe9 !important; }
  .muted { color: #9db3ac !important; }
  .brand { color: #5fd0b8 !important; }
  .line { border-color: #2a3f39 !important; }
  .button { background: #5fd0b8 !important; color: #08201b !important; }
  .band-calm { background: #1d3a33 !important; color: #8fe0cc !important; }
  .band-soon { background: #3a2f14 !important; color: #f2cd7a !important; }
  .band-late { background: #43211e !important; color: #f5ada5 !important; }
  .band-proud { background: #3a3212 !important; color: #f0d873 !important; }
}
@media (max-width: 480px) {
  .sheet-inside { padding: 24px 20px !important; }
  .button { display: block !important; text-align: center !important; }
}
"""


_BLANKS = "\n".join(["&#847;&zwnj;&nbsp;" * 20] * 4)


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject, text and HTML of one e-mail, and an address to be spared further ones, for letters that have one."""

    subject: str
    text: str
    html: str
    unsubscribe_url: str | None = None
    calendar: str | None = None
    """An iCalendar file that goes with it."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a letter says. All of it is plain text."""

    subject: str
    heading: str
    paragraphs: Sequence[str]
    site_url: str
    language: Language = "en"
    direction: Literal["ltr", "rtl"] = "ltr"
    tone: Tone = "calm"
    preheader: str = ""
    """What lists of mail show beside the subject."""
    band: str = ""
    """A word above the heading."""
    facts: Sequence[tuple[str, str]] = ()
    """Name and value of each."""
    items: Sequence[str] = ()
    button: tuple[str, str] | None = None
    """Label and address."""
    code: str | None = None
    code_label: str = "Code"
    code_lead: str = "Or enter this code:"
    small_print: Sequence[str] = ()
    unsubscribe: tuple[str, str] | None = None
    """Label and address."""


def laid_out(content: Content, *, calendar: str | None = None) -> Letter:
    """The letter of this content."""
    url = content.unsubscribe[1] if content.unsubscribe else None
    return Letter(_one_line(content.subject), _text(content), _html(content), url, calendar)


def _text(content: Content) -> str:
    parts = [content.heading, *content.paragraphs]
    if content.facts:
        parts.append("\n".join(f"{name}: {value}" for name, value in content.facts))
    if content.items:
        parts.append("\n".join(f"* {item}" for item in content.items))
    if content.button:
        parts.append(f"{content.button[0]}:\n{content.button[1]}")
    if content.code:
        parts.append(f"{content.code_label}: {content.code}")
    parts += content.small_print
    if content.unsubscribe:
        parts.append(f"{content.unsubscribe[0]}:\n{content.unsubscribe[1]}")
    parts.append(f"-- \nCallX, {content.site_url}")
    return "\n\n".join(parts) + "\n"


def _html(content: Content) -> str:
    inside = "\n".join(_inside(content))
    return f"""<!doctype html>
<html lang="{content.language}" dir="{content.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{escape(_one_line(content.subject))}</title>
<style>{_STYLE}</style>
</head>
<body class="paper" style="margin:0;padding:0;background:{PAPER}">
{_preheader(content.preheader)}
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="paper" dir="{content.direction}"
style="background:{PAPER};{FONT}">
<tr><td align="center" style="padding:32px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px">
<tr><td class="brand" style="padding:0 8px 16px;font-size:18px;font-weight:700;color:{BRAND}">CallX</td></tr>
<tr><td class="sheet" style="background:#ffffff;border:1px solid {LINE};border-radius:14px;overflow:hidden">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0">
<tr><td style="height:5px;font-size:0;line-height:0;background:{TONES[content.tone][0]}">&nbsp;</td></tr>
<tr><td class="sheet-inside" style="padding:32px 36px">
{inside}
</td></tr>
</table>
</td></tr>
<tr><td class="muted" style="padding:16px 8px;font-size:13px;line-height:1.6;color:{MUTED}">
{_footer(content)}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
"""


def _inside(content: Content) -> Iterator[str]:
    strong, soft = TONES[content.tone]
    if content.band:
        yield (
            f'<p style="margin:0 0 14px"><span class="band-{content.tone}" style="display:inline-block;'
            f'padding:4px 12px;border-radius:999px;background:{soft};color:{strong};font-size:13px;font-weight:700">'
            f"{escape(content.band)}</span></p>"
        )
    yield (
        f'<h1 class="ink" style="margin:0 0 16px;font-size:24px;line-height:1.3;color:{INK}">'
        f"{escape(content.heading)}</h1>"
    )
    for text in content.paragraphs:
        yield _paragraph(text, "ink", INK, 16)
    if content.facts:
        yield _facts(content.facts)
    if content.items:
        yield _items(content.items)
    if content.button:
        yield _button(*content.button)
    if content.code:
        yield _code(content.code_lead, content.code)
    for text in content.small_print:
        yield _paragraph(text, "muted", MUTED, 14)


def _preheader(text: str) -> str:
    """Shown in lists of mail and nowhere else; the blanks keep the letter's first words from following it there."""
    if not text:
        return ""
    hidden = "display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px"
    return f'<div style="{hidden}">{escape(text)}\n{_BLANKS}</div>'


def _paragraph(text: str, kind: str, color: str, size_px: int) -> str:
    style = f"margin:0 0 16px;font-size:{size_px}px;line-height:1.55;color:{color}"
    return f'<p class="{kind}" style="{style}">{escape(text)}</p>'


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    cell = f"padding:10px 0;border-top:1px solid {LINE};font-size:15px;line-height:1.45;vertical-align:top"
    rows = "\n".join(
        f'<tr><td class="muted line" style="{cell};color:{MUTED};padding-inline-end:16px" width="38%">'
        f"{escape(name)}</td>"
        f'<td class="ink line" style="{cell};color:{INK};font-weight:600">{escape(value)}</td></tr>'
        for name, value in facts
    )
    return (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:4px 0 20px">\n'
        f"{rows}\n</table>"
    )


def _items(items: Sequence[str]) -> str:
    inside = "\n".join(f'<li style="margin:0 0 8px">{escape(item)}</li>' for item in items)
    style = f"margin:0 0 16px;padding-inline-start:20px;font-size:16px;line-height:1.5;color:{INK}"
    return f'<ul class="ink" style="{style}">\n{inside}\n</ul>'


def _button(label: str, address: str) -> str:
    return (
        f'<p style="margin:24px 0"><a class="button" href="{escape(address)}"\n'
        f'style="display:inline-block;padding:13px 24px;border-radius:10px;background:{BRAND};color:#ffffff;'
        f'font-size:16px;font-weight:600;text-decoration:none">{escape(label)}</a></p>'
    )


def _code(lead: str, code: str) -> str:
    style = f"margin:0 0 24px;font-size:26px;font-weight:700;letter-spacing:6px;color:{INK}"
    return (
        f'<p class="muted" style="margin:0 0 16px;font-size:14px;color:{MUTED}">{escape(lead)}</p>\n'
        f'<p class="ink" dir="ltr" style="{style}">{escape(code)}</p>'
    )


def _footer(content: Content) -> str:
    lines = [escape(content.site_url)]
    if content.unsubscribe:
        label, address = content.unsubscribe
        lines.append(f'<a class="muted" href="{escape(address)}" style="color:{MUTED}">{escape(label)}</a>')
    return "<br>\n".join(lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())
