"""How a call is brought to its end. PURE."""

from voice.speech_acts.acts import SpeechAct
from voice.speech_acts.phrases.table import Phrases, lines

CLOSING = (
    Phrases(
        SpeechAct.THANKS,
        lines(
            """
            thank you
            thanks
            appreciate your|you|it|that
            much appreciated
            grateful
            """
        ),
        negatable=True,
    ),
    Phrases(
        SpeechAct.RECAPS,
        lines(
            """
            to recap|summarize|sum|summarise|conclude
            let me .. recap|summarize|sum|go
            let us recap|summarize|go
            just to .. recap|summarize|sum|go|review
            quick|brief|short recap|summary
            in summary
            so to .. be clear|sum|recap|confirm
            so today|again|overall .. we|i|you|have|refunded
            what|here .. we|i have|is .. done|agreed|today|next
            as .. agreed|discussed
            so i have .. refunded|credited|canceled|arranged|processed|set|sent|ordered|booked|updated|requested
            so .. you will .. get|see|receive|have
            goes back on|onto|to|into your .. card|account|bank
            so ... go|going back on|onto|to|into your .. card|account|bank
            next steps? .. is|are|will
            before .. you|we|i go|finish|end|hang|let .. confirm|recap|summarize|go
            """
        ),
    ),
    Phrases(
        SpeechAct.OFFERS_MORE_HELP,
        lines(
            """
            anything else|more|further|other
            something else
            is there anything
            any other|more|further questions?|concerns|issues|help|way
            else i|we can|could|may|might
            what else can|could|may i|we
            further assistance
            help|assist you? .. with anything|today|else .. else|more|today|further
            """
        ),
    ),
    Phrases(
        SpeechAct.CLOSES,
        lines(
            """
            goodbye
            bye
            bye for? now
            have a|yourself|an .. day|evening|afternoon|weekend|night|one|morning|week|rest|holiday
            enjoy the|your .. day|evening|afternoon|weekend|night|morning|rest
            enjoy rest of
            take care $
            take care goodbye|bye|now|and
            good night
            speak|talk to you? soon|later
            see you $
            thank|thanks you? for .. calling|choosing|being .. goodbye|bye|have|today|us $
            thank you for calling $
            farewell
            """
        ),
    ),
)
