"""What a trainee must not do, and what is neither good nor bad. PURE."""

from voice.speech_acts.acts import SpeechAct
from voice.speech_acts.phrases.table import Phrases, lines

_INSULTS = (
    "idiot|idiots|stupid|dumb|moron|morons|fool|foolish|loser|liar|clueless|ignorant|pathetic|crazy|insane|"
    "ridiculous|rude|lazy|jerk|dense|hopeless|childish"
)
_SWEARING = (
    "fuck|fucking|fucked|shit|shitty|bullshit|asshole|bitch|bastard|crap|crappy|damn|damned|goddamn|bloody|"
    "piss|pissed|screw|dickhead|wtf"
)

CONDUCT = (
    Phrases(
        SpeechAct.RUDE,
        lines(
            f"""
            you|your are|is|were|sound|must|being .. {_INSULTS}
            you {_INSULTS}
            idiot|idiots|moron|morons|loser|jerk
            do not be .. {_INSULTS}
            what a .. {_INSULTS}
            how|are .. you .. stupid|dumb|dense|deaf|blind
            what is wrong with you
            stupid|dumb|ridiculous|silly question|problem|complaint|customer|customers|people
            people like you
            """
        ),
        detail="insult",
        negatable=True,
    ),
    Phrases(SpeechAct.RUDE, (_SWEARING, "go to hell", "what the hell", "screw you|this|that"), detail="swearing"),
    Phrases(
        SpeechAct.RUDE,
        lines(
            """
            not my problem|fault|concern|business
            that is your problem|fault|concern
            your problem not
            i do not .. care|give
            who cares
            whatever
            so what $
            ^ so what
            too bad
            tough luck
            deal with it
            get over it
            i have .. better|other|real .. things|customers|problems|work
            i have no|not .. time for
            do not have .. time for
            you are wasting my|our
            waste|wasting of? my|our time
            stop wasting
            i could not care less
            big deal
            cry me a river
            boo hoo
            never call .. again
            why are you .. bothering|calling|yelling|shouting|whining|crying
            are you done|finished
            """
        ),
        detail="dismissive",
    ),
    Phrases(
        SpeechAct.RUDE,
        lines(
            """
            it|that|this is|was .. your own? fault|mistake|error|doing
            your own .. fault|mistake
            you should have .. known|read|checked|called|thought|ordered|paid|been|told|looked
            you should not have
            you must have .. done|clicked|ordered|pressed|forgotten|made|lost|entered|given
            you did|got|made|entered .. wrong|mistake
            you failed to
            you are .. lying|wrong|mistaken|confused|exaggerating
            did you even
            if you had .. read|called|checked|listened|paid
            you never read|told|checked|listen
            are you .. lying|sure .. you .. did
            you are not listening
            """
        ),
        detail="blame",
    ),
    Phrases(
        SpeechAct.RUDE,
        lines(
            """
            shut up
            be quiet
            calm|settle down
            stop .. talking|yelling|shouting|whining|complaining|crying|interrupting|screaming
            get to the point
            hurry up
            listen to me
            let me finish
            relax
            watch your .. tone|language|mouth
            do not .. yell|shout|talk|raise|take .. at|to|your|me|that
            lower your voice
            go away
            get lost
            just .. wait|listen|pay .. and|it|to|up|$
            chill out
            """
        ),
        detail="command",
        negatable=True,
    ),
    Phrases(
        SpeechAct.MINIMISES,
        lines(
            """
            it|that|this is not .. bad|big|serious|important|deal|terrible|much
            not a big deal
            not .. that|so bad|serious|big|important|much
            it|that|this is|was only|just .. #|a|an|few|one|little|small|dollars|money|day|days|delay|fee|dress|parcel
            only a few|couple|small|little
            happens to .. everyone|everybody|lots|many|all
            happens all the time
            everyone|everybody|people .. has|have|gets|waits .. this|that|same|problem
            could be worse
            there are worse
            you are overreacting
            overreacting
            no need to .. get|be|shout|yell .. upset|angry|annoyed|excited|emotional|rude
            do not .. get|be .. upset|angry|dramatic|emotional
            these things happen
            nothing to .. upset|worry|fuss
            no big deal
            you will .. get over|live
            """
        ),
    ),
    Phrases(
        SpeechAct.BACKCHANNEL,
        lines(
            """
            ^ okay|alright|right|yes|sure|no|great|perfect|good $
            ^ i see $
            ^ i understand $
            ^ go on|ahead $
            ^ got it $
            ^ got that $
            ^ uhhuh|mhm|aha|mmhmm|understood|really|interesting $
            """
        ),
    ),
)
