"""Words that the matching must know without looking for them: numbers, openers, and what is not a name. PURE."""

_UNITS = "zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_TENS = "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred"
_ROUGHLY = "couple few half"

NUMBERS = frozenset(f"{_UNITS} {_TENS} {_ROUGHLY}".split())

_SMALL_TALK = (
    "okay well so yes no right alright and but now then oh sure hello hi good please thank you thanks hey "
    "look listen actually just madam sir great perfect"
)

OPENERS = frozenset(_SMALL_TALK.split())
"""What may stand before the first real word of an utterance."""

FEELINGS = (
    "frustrating|frustrated|frustration|upset|upsetting|annoying|annoyed|annoyance|stressful|stressed|worried|worrying|"
    "worry|concern|concerned|concerning|anxious|angry|anger|disappointed|disappointing|disappointment|inconvenient|"
    "unpleasant|confusing|confused|difficult|hard|tough|awful|terrible|nervous|scary|unsettling|"
    "distressing|maddening|exhausting|aggravating|infuriating|alarming|shocking|shock"
)
"""One slot of the pattern language: words with which a feeling is named."""

_FUNCTION_WORDS = """
a about above after again all already also always am an and another any anyone anything are around as ask at away back
be because been before being below best better both but by call called calling can check come could day did do does
doing done down due during each either else enough even ever every everything few find fine first for from full get
give go going good got great had half happen happened happening happy has have having he hear help her here hers him
his how i if in information into is it its just keep kind know last later let like line little look looking lot made
make many may maybe me mean might mine minute moment more morning most much must my name need never new next no not
nothing now of off on once one only open or other our out over own part people phone place please point possible
problem put quite rather ready really right said same say second see she should show sir so some someone something
sorry speak speaking still such sure take talk talking team tell than thank thanks that the their them then there these
they thing think this those though through time to today together told too try trying turn two under understand until
up us use using very via wait want wants was way we well went were what when where whether which while who whom whose
why will with within without would yes yet you your yours yourself
"""
_CALL_WORDS = """
account afternoon evening hello hi hey okay madam mister missus miss bill billing charge charges order number address
customer service support department company desk refund credit cancel supervisor manager issue regarding concerning
assist assistance able unable afraid absolutely certainly definitely course correct important serious urgent ridiculous
unacceptable normal standard policy wrong true false clear easy hard unfortunately
glad delighted excited unsure aware confident proud welcome
"""

_JUDGEMENTS = """
annoying awful bad boring cheap common complicated correct crazy disgusting dumb early easy expensive false fine fun
funny garbage good great hard horrible important impossible insane late nice nonsense normal odd outrageous pathetic
ridiculous right rubbish sad serious silly simple standard strange stupid terrible true typical unacceptable
unbelievable unfair urgent usual weird wonderful wrong
"""
"""`This is stupid` introduces nobody."""

NOT_NAMES = (
    frozenset(f"{_FUNCTION_WORDS} {_CALL_WORDS} {_JUDGEMENTS}".split()) | NUMBERS | frozenset(FEELINGS.split("|"))
)
"""Words that the slot `@` does not take for somebody's name."""

_NEAR_KEY_WORDS = """
change changed changes changing chance chances charge charged charges charging county country counter offer offered
order ordered older refuse refused repeat report reports recent receive received reason season person persons
personal problem problems product products number numbers letter better matter former farmer winter address dress
access success credit edit edits career cancer castle street straight whether weather price prices prize promise
premise supper supply simple sample single signal minute minutes minuet moment movement
"""

CONFUSABLE = frozenset(_NEAR_KEY_WORDS.split())
"""Real words that lie one letter from a key word and must not be repaired into it."""
