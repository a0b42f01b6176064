"""How a trainee answers a feeling. PURE."""

from voice.speech_acts.acts import SpeechAct
from voice.speech_acts.common_words import FEELINGS
from voice.speech_acts.phrases.table import Phrases, framed, lines

EMPATHY = (
    Phrases(
        SpeechAct.ACKNOWLEDGES_FEELING,
        framed(
            lines(
                """
                how|very|really|so|quite|is|be|been|are|this|that|sounds|feel|must|your|understandably|incredibly {}
                must .. {}
                i .. understand|imagine|see|hear|appreciate|get|know|realize ... {}
                sorry .. for|about .. {}
                why you .. {}
                """
            ),
            FEELINGS,
        )
        + lines(
            """
            i|we .. completely|totally|fully|absolutely|really|do|can|certainly understand
            i|we understand how|why|your|that|this|you|where|completely
            i understand $
            i .. imagine how|what|that|this|your|it
            i .. hear you
            i hear your|what|that|how
            i see why|how you|that|this
            i .. know how|that .. feel|feels|feeling|this|must|important
            i would .. feel|be|want ... same|upset|frustrated|too|annoyed|way|worried|also
            i would be .. upset|frustrated|annoyed|worried|angry|concerned
            you have every|a right|reason
            you are right to|that
            that is not okay|acceptable|good|right|fair|ideal|fun
            not the experience|service|kind|way .. you|we|anyone
            not what you .. expect|expected|need|want|deserve
            i appreciate .. patience|telling|your|how|you|that
            sorry you are|have|had|were|feel|feeling|going
            sorry to hear
            sorry that you|this|happened|the|your|we
            sorry .. happened|trouble|experience|hear|hassle|stress
            that can not|must have|be .. easy|been|fun|pleasant
            nobody|no wants|one|likes .. to|that|this|wants
            thank you for .. patience|patient|telling|bringing|explaining|letting|sharing
            thanks for .. patience|patient|telling|bringing|explaining|letting|sharing
            that makes .. sense
            makes sense .. upset|worried|why
            """
        ),
        negatable=True,
    ),
    Phrases(
        SpeechAct.APOLOGISES,
        lines(
            """
            i|we am|are .. sorry
            so|very|really|terribly|truly|deeply|extremely|awfully|sincerely|genuinely|am|are|sorry sorry
            sorry about|for|to|that|you|this
            ^ sorry
            i|we .. apologize
            apologize for|that|on
            my|our|sincere|sincerest|deepest apologies|apology
            apologies for|about|on
            please accept
            forgive me|us
            """
        ),
        negatable=True,
    ),
    Phrases(
        SpeechAct.TAKES_OWNERSHIP,
        lines(
            """
            i will|am .. take|taking .. care|ownership|responsibility|charge
            take|taking|took full|personal|complete? ownership|responsibility
            i will .. personally|myself
            i .. make sure|certain
            i will .. see to|that
            i will get|have this|that|it .. sorted|fixed|resolved|done|solved|handled
            i am going to .. help|fix|sort|resolve|get|make|take|solve|handle
            i will .. fix|sort|resolve|solve|handle .. this|that|it|out|for
            i can .. fix|sort|resolve|solve|handle .. this|that|it|out|for
            let me .. fix|sort|resolve|solve|handle|take|help|get|make|put .. this|that|it|out|for|you|care|right
            this|that|it is|was our mistake|error|fault|responsibility
            our|my mistake|error|fault
            leave it|this|that with|to me
            we|i made a|an mistake|error
            we|i got .. wrong
            we|i .. let you down
            make .. this|it|things right
            put .. this|it|things right
            you can count on
            we will .. sort|fix|resolve|solve|figure|get .. this|that|it|out
            """
        ),
        negatable=True,
    ),
    Phrases(
        SpeechAct.REASSURES,
        lines(
            """
            do not worry
            no need to worry
            rest assured
            i|we .. assure|promise|guarantee you
            you are in good hands
            you have come|called|reached .. right
            you did the right thing
            we will .. through this|it
            everything will be
            it will be .. okay|alright|fine|safe
            there is still time
            you are .. protected|safe|covered
            good news
            """
        ),
        negatable=True,
    ),
)
