"""How a call is opened. PURE."""

from voice.speech_acts.acts import SpeechAct
from voice.speech_acts.phrases.table import Phrases, lines

OPENING = (
    Phrases(
        SpeechAct.GREETING,
        lines(
            """
            ^ hello|hi|hey|greetings|welcome
            hello|hi there
            good morning|afternoon|evening|day
            hello|hi @
            thanks|thank you? for|so? calling|phoning|contacting
            thank you for calling|phoning|contacting|reaching|ringing
            thanks for calling|phoning|contacting|reaching|ringing
            you are through to
            you have reached
            welcome to
            """
        ),
    ),
    Phrases(
        SpeechAct.INTRODUCES_SELF,
        lines(
            """
            my name is @
            my name @ and|from|with|how
            this is @ speaking|from|with|calling|here|at|in|and|how|what|your
            this is @ @? $
            this is @ i|my|we|thank|thanks|so|sorry
            you are speaking|talking to|with @
            you are through to @
            you have got @ here|speaking
            i am @ from|with|your|speaking|calling
            i am @ $
            ^ name is @
            it is @ speaking|here
            @ speaking how|what|here
            @ here how|what
            """
        ),
    ),
    Phrases(
        SpeechAct.NAMES_COMPANY,
        lines(
            """
            thank you for calling|contacting|phoning|choosing|ringing @
            thanks for calling|contacting|phoning|choosing|ringing @
            thank you for calling|contacting|phoning the|our @
            thanks for calling|contacting|phoning the|our @
            welcome to @
            here at @
            this is @ from|with|at @
            you are|have through|reached|got to? @
            i am|is @? calling|speaking? from|with @
            @ customer|billing|technical|order service|services|support|care|desk|team
            calling from @
            on behalf of @
            """
        ),
    ),
    Phrases(
        SpeechAct.ANNOUNCES_RECORDING,
        lines(
            """
            call|calls|conversation|line .. recorded|monitored
            call|conversation is being recorded
            we|i record|recording this|all|our|the call|calls|conversation
            recorded|monitored for|to .. quality|training|purposes|assurance
            recorded line
            """
        ),
    ),
    Phrases(
        SpeechAct.OFFERS_HELP,
        lines(
            """
            how can|may|could|might i|we help|assist|support
            how can|may|could i .. help|assist you
            what can|could i|we do for you
            how can|may i be of help|service|assistance
            what can i help|assist
            i am|would .. happy|glad|here|pleased to help|assist
            i can|will|would .. help|assist you
            let me|us help|assist
            let me see what|how i can do|help|sort|fix
            what brings you
            what seems to be the problem|trouble|issue|matter
            """
        ),
    ),
)
