"""A small scenario for tests of the embedded customer."""

from voice.scenario import Customer, Fact, Mood, Patience, Resolution, Scenario

DOUBLE_CHARGE = Scenario(
    title="Charged twice",
    customer=Customer(name="Dana Ortiz", voice="female", pace_wpm=170),
    issue="that double charge",
    opening="Hi. I was charged twice this month, and I want my money back.",
    restatements=("The same amount was taken twice.",),
    facts=(
        Fact(
            key="account_number",
            label="Account number",
            value="4417",
            asked_by=("account number",),
            say="It is four four one seven.",
            identifies=True,
        ),
    ),
    resolution=Resolution(
        offered_by=("refund", "money back"),
        agree="That works for me, thank you.",
        goodbye="Goodbye then.",
    ),
    mood=Mood(start=45, hang_up_below=10, angry_goodbye="I have had enough. Goodbye."),
    patience=Patience(silence_ms=5_000, prompts=("Hello? Are you there?",), give_up="Nobody there. I am hanging up."),
)
