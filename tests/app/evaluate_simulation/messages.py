"""What a good trainee writes to the demo's Dana Ortiz, who was charged twice."""

CHARGED_TWICE = (
    "Good morning, you are speaking with Sam from Brightline Mobile. How can I help you today?",
    "I am so sorry, I understand how frustrating that must be. I will take care of this for you personally. "
    "May I have your account number and your date of birth, please?",
    "Thank you, Dana. What exactly happened? Could you tell me a little more about it?",
    "So you were charged twice on the third of November. It looks like the payment was processed twice by mistake. "
    "I have refunded the second charge to your card.",
    "I understand. I will send you a confirmation by email right now, with a reference number.",
    "The money will be on your card within three business days.",
    "So to sum up, I refunded eighty nine dollars to your card today. Is there anything else I can help you with? "
    "Thank you for calling, have a nice day. Goodbye.",
)
