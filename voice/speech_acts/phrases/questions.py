"""How a trainee finds out what is wrong. PURE."""

from voice.speech_acts.acts import SpeechAct
from voice.speech_acts.phrases.table import Phrases, lines

QUESTIONS = (
    Phrases(
        SpeechAct.ASKS_OPEN_QUESTION,
        lines(
            """
            what happened|happens|occurred
            what exactly|else|made|makes|went|seems|appears|led|kind|sort|would|brings|caused|is|was|were|did|do|are
            what can|could you tell
            what .. problem|issue|trouble|matter
            tell|talk me|us .. what|more|about|how|why|everything|when|where|through
            could|can|would|will you .. tell|explain|describe|walk|give|share|talk
            help me .. understand
            walk|talk|take me through
            please describe|explain|tell
            how did|do|does|is|was|are|would|has|have|come|long|often|many|much
            when did|was|were|is|do|have|exactly
            where did|was|is|were|do
            ^ who|when|where|why|how|which
            ^ what is|was|are|were|time|day|date|kind|sort|about|size|color|number
            what|which .. would|do|did|are|have you
            who is|was your|the|that
            which one|charge|order|item|card|product|date|day|month|bill|payment|store
            who did|was|told
            why did|do|is|was|were|have|are
            i would .. like|love to hear|know|understand|learn
            what are you .. looking|hoping|seeing|expecting
            """
        ),
    ),
    Phrases(
        SpeechAct.ASKS_CLOSED_QUESTION,
        lines(
            """
            did|do|does you|it|that|he|she|they|anyone|anybody|somebody|someone|your
            have|has|had you|it|that|anyone|anybody|anything|someone|there
            ^ is|are|was|were|am it|that|this|there|you|your|the|they
            is|are it|this|you correct|right|still|the|okay|possible|your|able|sure|happy
            would|could|can|will|may|should you|it|that|i|we
            are you able|sure|still|looking|happy|aware|the|using|at|in|near|available
            is that okay|alright|right|correct|fine|something|the|your
            is there a|an|any|some
            does|would|will that|this sound|work|help|be|make|suit|answer
            okay with you
            shall i|we
            will|would|does .. work|suit|do|help for? you
            may|can there be
            """
        ),
    ),
    Phrases(
        SpeechAct.ASKS_TO_REPEAT,
        lines(
            """
            could|can|would you .. repeat|say
            say .. again
            repeat that|it|the
            i|we .. not .. catch|hear|get that|you|it
            i beg your pardon
            pardon me
            come again
            once|one more time please
            you are breaking up
            sorry i missed that
            """
        ),
    ),
    Phrases(
        SpeechAct.PARAPHRASES,
        lines(
            """
            so|if what you are saying|telling
            what you are saying is
            what i am hearing is
            what i hear is
            so you were|are|have|had|did|got|received|paid|ordered|saw|noticed|want|would|need|never|still|called|see
            so your|the|it|that|there|we .. was|were|is|has|have|never|did|had|charged
            so both|two|one|first|nobody|somebody|everything .. was|were|is|are|has|have|had|went|did|came|never
            so ... ... is that right|correct|it
            if i|we understand|heard|understood|hear|get|have .. correctly|right|you|this|that|it
            let me make|see|be|just .. sure i|if .. understand|understood|got|have|right|clear
            make sure i .. understand|understood|got|have|am
            just to .. confirm|clarify|check|make|be .. you|your|i|understand|sure|clear
            you mentioned|said|told|explained that|you|the|your|it|there|me
            it sounds|seems|looks like you|your|the|there|we|they|it
            i understand|see|hear that you|your|the|there|it
            in other words
            to clarify
            from what you .. said|told|describe|saying
            """
        ),
    ),
    Phrases(
        SpeechAct.CONFIRMS_UNDERSTANDING,
        lines(
            """
            is that correct|right|accurate
            is this correct|right|accurate
            did i .. get|understand|hear|have .. right|correctly|correct|everything|you|that
            have i got|understood .. right|correctly|that|everything|you
            do i have that|this|it right|correct
            does that sound|look right|correct
            am i right|correct|understanding|getting
            correct me if
            please confirm if|whether|that
            is my understanding
            """
        ),
    ),
    Phrases(
        SpeechAct.CHECKS_RECORDS,
        lines(
            """
            let me .. check|look|see|review|pull|find|take|investigate|open|bring|verify|go
            i will|am .. check|look|review|pull|investigate|checking|looking|reviewing|pulling|opening
            i am going to check|look|review|pull|investigate|find
            i can see .. here|charge|charges|account|order|that|the|two|payment|on|in
            i see .. here|charge|charges|payment|payments|order|account|two
            looking|checking at|into|up|your|the|on|this
            look into this|that|it|your|the
            take a .. look
            according to .. system|records|notes|account
            i have .. pulled|opened|found|checked|reviewed|located
            """
        ),
    ),
)
