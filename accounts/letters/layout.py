"""How a letter looks: one column, one button, as text and as HTML that mail programs understand. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

INK, MUTED, LINE, PAPER, BRAND = "#16302b", "#5b6f6a", "#dfe6e1", "#f6f7f2", "#0f6b5c"
FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject, text and HTML of one e-mail."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a letter says. All of it is plain text."""

    subject: str
    heading: str
    paragraphs: Sequence[str]
    site_url: str
    button: tuple[str, str] | None = None
    """Label and address."""
    code: str | None = None
    small_print: Sequence[str] = ()


def laid_out(content: Content) -> Letter:
    """The letter of this content."""
    return Letter(_one_line(content.subject), _text(content), _html(content))


def _text(content: Content) -> str:
    parts = [content.heading, *content.paragraphs]
    if content.button:
        parts.append(f"{content.button[0]}:\n{content.button[1]}")
    if content.code:
        parts.append(f"Code: {content.code}")
    parts += content.small_print
    parts.append(f"-- \nCallX, {content.site_url}")
    return "\n\n".join(parts) + "\n"


def _html(content: Content) -> str:
    body = [f'<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3;color:{INK}">{escape(content.heading)}</h1>']
    body += [_paragraph(text, INK, 16) for text in content.paragraphs]
    if content.button:
        body.append(_button(*content.button))
    if content.code:
        body.append(_code(content.code))
    body += [_paragraph(text, MUTED, 14) for text in content.small_print]
    inside = "\n".join(body)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light">
<title>{escape(_one_line(content.subject))}</title>
</head>
<body style="margin:0;padding:0;background:{PAPER}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:{PAPER};{FONT}">
<tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:520px">
<tr><td style="padding:0 8px 16px;font-size:18px;font-weight:700;color:{BRAND}">CallX</td></tr>
<tr><td style="padding:32px;background:#ffffff;border:1px solid {LINE};border-radius:14px">
{inside}
</td></tr>
<tr><td style="padding:16px 8px;font-size:13px;line-height:1.5;color:{MUTED}">{escape(content.site_url)}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
"""


def _paragraph(text: str, color: str, size_px: int) -> str:
    return f'<p style="margin:0 0 16px;font-size:{size_px}px;line-height:1.55;color:{color}">{escape(text)}</p>'


def _button(label: str, address: str) -> str:
    return (
        f'<p style="margin:24px 0"><a href="{escape(address)}"\n'
        f'style="display:inline-block;padding:13px 24px;border-radius:10px;background:{BRAND};color:#ffffff;'
        f'font-size:16px;font-weight:600;text-decoration:none">{escape(label)}</a></p>'
    )


def _code(code: str) -> str:
    return (
        f'<p style="margin:0 0 16px;font-size:14px;color:{MUTED}">Or enter this code:</p>\n'
        f'<p style="margin:0 0 24px;font-size:26px;font-weight:700;letter-spacing:6px;color:{INK}">{escape(code)}</p>'
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
