"""Which passwords are too easy to guess. Pure.

As NIST SP 800-63B has it: long enough, none of the commonest, nothing about the person; and no rules about which
characters must be in it, because those make people append `1!`.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from core.errors import Unprocessable

MINIMUM_LENGTH = 8
MAXIMUM_BYTES = 1_024

LENGTH = "length"
PWNED = "pwned"
PERSONAL = "personal"

_COMMONEST = """
00000000 000000000 01020304 0123456789 1029384756 11111111 111111111 11223344 12121212 123123123 1234554321 12344321
12345678 123456789 1234567890 12345678910 1234567a 123456aa 123456abc 123456qwe 12345qwert 123654789 123qweasd
13131313 147258369 159753456 1a2b3c4d 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 20202020 21212121 22222222 31415926
33333333 44444444 55555555 66666666 741852963 77777777 7777777a 789456123 87654321 88888888 98765432 987654321
99999999 a1234567 a1b2c3d4 aa123456 aa12345678 abc12345 abcd1234 abcdefgh access14 admin123 administrator alexander
amsterdam anthony1 arsenal1 asdasdasd asdf1234 asdfasdf asdfghjk asdfghjkl baseball baseball1 basketball bigdaddy
blink182 butterfly callcenter callx123 carolina changeme charlie1 cheyenne chocolate christian computer corvette
courtney danielle december dolphins dragon12 elephant einstein fernando football football1 freedom1 garfield godzilla
goldfish greenday hallo123 hardcore hello123 helloworld icecream iloveyou iloveyou1 internet jennifer jonathan
justin12 kristina ladybug1 letmein1 letmein123 liverpool liverpool1 login123 lovelove manchester marlboro maverick
mercedes metallica michelle midnight monkey123 mountain mustang1 nicholas november p@ssw0rd p@ssword paradise passw0rd
password password1 password12 password123 password1234 passwort patricia playstation pokemon1 porsche1 precious
princess princess1 q1w2e3r4 q1w2e3r4t5 qazwsxedc qwaszx12 qwer1234 qwerasdf qwert123 qwerty12 qwerty123 qwerty1234
qwertyui qwertyuiop qwertzui rangers1 redskins rush2112 samantha sandra12 scorpion security september shadow12
slipknot snowball softball spiderman starwars steelers sterling summer12 sunshine sunshine1 superman superstar
swordfish test1234 testtest thunder1 tinkerbell tottenham training trustno1 undertaker vanessa1 victoria welcome1
welcome123 westside whatever william1 winston1 winter12 yankees1 zaq12wsx zaq1zaq1 zxcvbnm1 zxcvbnm123
"""
COMMONEST = frozenset(_COMMONEST.split())
"""Those of eight or more characters that lead the published lists of stolen passwords, and ours."""

REASONS = {
    LENGTH: f"It needs at least {MINIMUM_LENGTH} characters, and at most {MAXIMUM_BYTES} bytes.",
    PWNED: "It is one of the passwords that are tried first.",
    PERSONAL: "It is your own address or name.",
}


class WeakPassword(Unprocessable):
    """The password is too easy to guess; `reasons` say why, in words for programs."""

    default_code = "weak_password"

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(f"Choose another password. {explained(reasons)}")
        self.reasons = reasons


def refuse_weak(password: str, *, email: str, metadata: Mapping[str, Any]) -> None:
    """Raises WeakPassword for one that is too easy to guess."""
    name = metadata.get("full_name")
    if reasons := weaknesses(password, email=email, full_name=name if isinstance(name, str) else ""):
        raise WeakPassword(reasons)


def weaknesses(password: str, *, email: str, full_name: str = "") -> list[str]:
    """What is wrong with a password, as `length`, `pwned` or `personal`; nothing when it may be used."""
    plain = password.strip().casefold()
    size = len(password.encode("utf-8", errors="surrogatepass"))
    found = []
    if len(password) < MINIMUM_LENGTH or size > MAXIMUM_BYTES:
        found.append(LENGTH)
    if plain in COMMONEST or _is_monotonous(plain):
        found.append(PWNED)
    name = full_name.casefold()
    personal = {email.casefold(), email.casefold().partition("@")[0], name, name.replace(" ", "")}
    if plain in personal - {""}:
        found.append(PERSONAL)
    return found


def explained(reasons: list[str]) -> str:
    """The reasons as sentences."""
    return " ".join(REASONS[reason] for reason in reasons)


def _is_monotonous(text: str) -> bool:
    """One or two characters over and over, or a run along the alphabet."""
    if len(set(text)) <= 2:
        return True
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return steps in ({1}, {-1})
