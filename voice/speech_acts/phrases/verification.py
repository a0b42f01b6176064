"""How a trainee asks who is calling. PURE."""

from voice.speech_acts.acts import SpeechAct
from voice.speech_acts.phrases.table import Phrases, framed, lines

IDENTIFIERS = {
    "account_number": ("account|member|membership|customer number|id|code", "account details|info", "account please"),
    "full_name": (
        "full|complete|first|last|whole|legal name",
        "first and last name",
        "name please|on|and|as|in",
        "name $",
        "surname",
    ),
    "date_of_birth": ("date of birth", "birthdate", "birthday", "year|day|month you were born", "d o b"),
    "address": (
        "address",
        "billing|home|delivery|mailing|shipping|street|current|registered|service address",
        "street name|number",
    ),
    "postcode": ("postcode", "zip code?", "postal code"),
    "order_number": (
        "order|tracking|booking|confirmation|parcel|shipment number|id|reference|code",
        "order please|details",
    ),
    "phone_number": ("phone number?", "contact|callback|best number", "number .. account|file|calling|reach"),
    "email": ("email address?",),
    "last_four": (
        "last four digits|numbers?",
        "last four",
        "last 4 digits?",
        "final|ending four digits|numbers",
        "last digits of",
        "card number",
    ),
    "security_answer": (
        "security|secret|memorable question|answer|word|phrase|code",
        "mother maiden name",
        "password",
        "passcode",
        "pin number?",
        "pass phrase",
    ),
    "reference_number": ("reference|invoice|case|ticket|claim|policy|bill number|id|code",),
}
"""What may be asked for, by the key that a scenario's facts use too, and how it is named."""

_FRAMES = lines(
    """
    what|which is|was|are .. {}
    what name|number .. {}
    may|can|could|might i|we ... {}
    can|could|would|will|may you|we|i ... {}
    have|got you .. {}
    do|did you .. have|know|remember .. {}
    confirm|verify|provide|tell|give|spell|read|state|check .. your|the|a|me|us|for .. {}
    confirm|verify|provide|give .. {}
    i|we .. need|require|want|like .. your|the|to|you ... {}
    i am going to need .. {}
    need|require .. your .. {}
    let me|us have|get|take|grab|start .. {}
    start|begin by|with ... your .. {}
    asking|ask you? for .. {}
    look|pull .. up ... {}
    your {} please
    what|which {} did|do|does|is|was|are|have
    ^ and your|the|a|what .. {}
    ^ your|the .. {} $
    ^ {} please
    who am i speaking|talking to|with .. {}
    """
)

VERIFICATION = (
    *(
        Phrases(
            SpeechAct.ASKS_VERIFICATION,
            tuple(pattern for name in names for pattern in framed(_FRAMES, name)),
            detail=key,
        )
        for key, names in IDENTIFIERS.items()
    ),
    Phrases(
        SpeechAct.ASKS_VERIFICATION,
        lines(
            """
            what|whats is|was your name
            may|can|could|might i|we .. have|get|take|know|ask|confirm your name
            may i ask who|whom
            who am i speaking|talking to|with
            who is|do calling|i? .. pleasure|please|speaking
            whom am i speaking
            can|could you .. tell|give|confirm|state .. your name
            with whom am i
            confirm|verify your name
            your name please
            """
        ),
        detail="full_name",
    ),
    Phrases(
        SpeechAct.ASKS_VERIFICATION,
        lines(
            """
            verify|confirm your|you|the identity|account|details|information|identification
            verify who .. you|speaking|calling
            confirm who .. you|speaking|calling
            need to verify|identify you|your|some|who
            ask you? .. few|couple|some|quick .. security|verification questions?
            security|verification questions|check|checks
            prove|confirm .. identity
            pass|complete|go|run through? .. security|verification
            """
        ),
        detail="identity",
    ),
    Phrases(
        SpeechAct.CONFIRMS_VERIFIED,
        lines(
            """
            thank|thanks you? for .. confirming|verifying|verification|confirmation
            thank|thanks you? for that|the|your|this information
            i have verified|confirmed your|you|the|that
            you are .. verified|confirmed
            that is all .. verified|matches|confirmed
            that matches
            verified your|you
            you have passed .. security|verification
            i have found|located your account|order
            i have .. your account|order .. open|up|here
            """
        ),
        negatable=True,
    ),
)
