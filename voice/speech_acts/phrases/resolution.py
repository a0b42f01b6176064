"""How a trainee solves it, or says no. PURE."""

from voice.speech_acts.acts import SpeechAct
from voice.speech_acts.phrases.table import Phrases, framed, lines

SOLUTIONS = {
    "refund": "refund|refunds|refunded|refunding|reimburse|reimbursed|reimbursement|reverse|reversed|reversing",
    "credit": "credit|credits|credited|crediting|discount|discounted|voucher|vouchers|coupon|compensate|compensation",
    "replacement": "replace|replacement|replaced|replacing|resend|exchange|exchanged|reship|replacements",
    "cancel": "cancel|canceled|canceling|cancellation|remove|removed|removing|terminate",
    "escalate": "escalate|escalated|escalating|escalation|supervisor|investigation",
    "callback": "callback|ring",
    "delivery": "deliver|delivered|redeliver|redelivery|courier|express|expedite|expedited|reroute|rebook|driver",
    "repair": "repair|repaired|technician|engineer|reset|restore",
    "waive": "waive|waived|waiving|adjust|adjusted|adjustment|correct|corrected|correcting|lower|reduce|write",
    "payment_plan": "installments|instalments|plan",
}
"""The words that name each kind of solution."""

_FRAMES = lines(
    """
    i|we will|can|could|shall|have|would|am|are ... {}
    i|we .. able|happy|like|going|pleased to .. {}
    let me|us .. {}
    you will|can|could|should .. get|receive|have|see ... {}
    what i can|will|could do is .. {}
    offer|give|get|process|processed|issue|issued|arrange|arranged|send|request|apply|applied|set|start .. {}
    offering|giving|processing|issuing|arranging|sending|requesting|applying|starting .. {}
    would|do you .. like|prefer|want|accept .. {}
    how about|does .. {}
    {} is|has been|being|will|should .. processed|issued|arranged|on|done|sent|back|go|be|take|arrive|submitted
    it|that|this|they|charge|payment|fee|amount is|has|will|are|have|was be|been|being .. {}
    {} you|your|the|that|this|it|one .. charge|charges|payment|amount|fee|today|now|right|account|order|full|for
    """
)

_WHOLE_PHRASES = {
    "refund": lines(
        """
        give|get|send|put|return|returning|sending|putting .. money|payment|amount back
        money back
        back on|onto|to|into your card|account|bank
        """
    ),
    "callback": lines("i|we will|can|could .. call|ring|phone you .. back|again|when|once|tomorrow|today|later"),
    "replacement": lines(
        """
        send|ship|sending|order|get .. you? .. new|another|second|fresh .. one|item|order|parcel|pair|unit|copy|it|dress
        """
    ),
    "delivery": lines(
        """
        send|ship|get|have .. overnight|tomorrow|today|express|courier|driver|van
        will .. arrive|be .. tomorrow|today|tonight|before|by
        pick it up|from
        collect it
        hold it at
        """
    ),
    "escalate": lines(
        "i|we will|can|am .. pass|raise|passing|raising|open|file|log|submit .. this|it|case|ticket|claim|dispute|to"
    ),
}

RESOLUTION = (
    *(
        Phrases(SpeechAct.OFFERS_SOLUTION, framed(_FRAMES, words), detail=kind, negatable=True)
        for kind, words in SOLUTIONS.items()
    ),
    *(
        Phrases(SpeechAct.OFFERS_SOLUTION, patterns, detail=kind, negatable=True)
        for kind, patterns in _WHOLE_PHRASES.items()
    ),
    Phrases(
        SpeechAct.EXPLAINS,
        lines(
            """
            the reason|reasons .. is|was|that|why|for
            this|that|it|which is because
            because the|your|our|of|it|we|you|there|a|two|this|that
            what happened is|was
            it looks|seems|appears like|that|as|to
            that means
            this means
            which means
            let me explain
            i can explain
            the way .. works|work|goes
            what this|that means
            due to
            as a result
            here is what|how|why
            this|that|it happens|happened when|because|if|since
            the charge|fee|payment|amount|delay|bill is|was for|from|a|an|caused
            """
        ),
    ),
    Phrases(
        SpeechAct.PROMISES_TIME,
        lines(
            """
            within|in the? next? .. #|a|an .. day|days|hour|hours|minute|minutes|week|weeks|moment|business
            in # .. day|days|hour|hours|minute|minutes|week|weeks
            takes|take|taking .. # .. days|day|hours|hour|minutes|weeks
            # to|or # .. business|working? days|hours|weeks|minutes
            # business|working days
            by|before the? .. tomorrow|tonight|noon|oclock|end|evening|monday|tuesday|wednesday|thursday
            by|before the? .. friday|saturday|sunday
            will|arrive|arrives|be|deliver|delivered|come|get|have .. tomorrow|today|tonight
            by the end of
            end of the? day|week|business
            right away|now
            straight away
            immediately
            same day
            next business|working day
            as soon as
            """
        ),
    ),
    Phrases(
        SpeechAct.REFUSES,
        lines(
            """
            i|we|you can|could|will not .. do|help|give|offer|refund|change|make|fix|get|send|replace|credit
            i|we|you can|could|will not .. cancel|access|find
            i|we can not $
            i|we am|are .. not able|allowed|permitted|authorized to
            i|we am|are .. unable to
            there is nothing .. i|we|else|can|to
            nothing .. i|we can do
            that is not possible|allowed|something
            it is not possible|allowed
            that is impossible
            not entitled|eligible
            we do not do|offer|give|refund|allow|make
            that is our policy
            against .. policy
            company|our policy .. not|says|states
            no refunds
            no exceptions
            you will .. have to .. wait|pay|call|contact|go|speak|do
            not my job|department|responsibility|area
            """
        ),
    ),
    Phrases(
        SpeechAct.TRANSFERS,
        lines(
            """
            transfer|transferring|connect|connecting you|the|your|this
            put|putting you through
            pass|passing|hand|handing you over|on|to
            speak|talk|get|bring .. with|to? .. my|a|the supervisor|manager|colleague|specialist
            get|bring .. supervisor|manager|colleague|specialist
            """
        ),
        negatable=True,
    ),
    Phrases(
        SpeechAct.ASKS_TO_HOLD,
        lines(
            """
            hold on
            hold the line
            put|place|putting|placing|keep you .. on hold
            place|put .. on .. hold
            hold .. for .. moment|minute|second|me
            mind|okay|please|can|could|would|you hold|holding
            bear with me
            one|a|just|give .. moment|second|minute please|while|just
            give me a|one|just|two|few|couple .. moment|second|minute|minutes|seconds|moments|sec
            just a moment|second|minute|sec
            ^ one moment|second|minute
            stay on the line
            """
        ),
    ),
    Phrases(
        SpeechAct.RETURNS_FROM_HOLD,
        lines(
            """
            thank|thanks you? for .. holding|waiting
            sorry to keep|have|for .. you|kept|keeping .. waiting
            i am back
            i appreciate you holding|waiting
            are you still there
            """
        ),
    ),
)
