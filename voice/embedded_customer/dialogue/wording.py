"""The customer's own words for what every call has in common, by mood. PURE.

The same content three times: angry, neutral, friendly. `{issue}` is the scenario's matter, `{thing}` what was asked
for. Short spoken sentences: they are synthesised.
"""

from typing import Final

Wording = dict[str, tuple[str, ...]]


def _by_mood(angry: tuple[str, ...], neutral: tuple[str, ...], friendly: tuple[str, ...]) -> Wording:
    return {"angry": angry, "neutral": neutral, "friendly": friendly}


def _always(*lines: str) -> Wording:
    return _by_mood(lines, lines, lines)


WORDINGS: Final[dict[str, Wording]] = {
    "greeted": _by_mood(
        ("Yes, hello. I told you, I am calling about {issue}.", "Hello. So, what about {issue}?"),
        ("Hello. As I said, I am calling about {issue}.", "Hi. Can you help me with {issue}?"),
        ("Hi there. I hope you can help me with {issue}.", "Hello. It is about {issue}, as I said."),
    ),
    "answering": _by_mood(
        ("Fine.", "If you must know.", ""),
        ("", "Sure.", "Okay.", ""),
        ("Of course.", "Sure, no problem.", "Yes, certainly."),
    ),
    "answering_again": _by_mood(
        ("I already told you.", "Again? Are you even writing this down?"),
        ("I think I said that already.", "As I said."),
        ("I mentioned it before, but sure.", "Again, then."),
    ),
    "unknown_identifier": _by_mood(
        ("I do not have my {thing} here. Ask me something else.", "My {thing}? I have no idea. Try something else."),
        ("I do not have my {thing} at hand, sorry.", "I am not sure about my {thing}. Can you use something else?"),
        ("Sorry, I do not have my {thing} with me. What else would help?",),
    ),
    "verify_me": _by_mood(
        ("Fine, if that is what it takes. What do you need?", "All right. Ask, then."),
        ("Okay. What do you need from me?", "Sure. What would you like to know?"),
        ("Of course. What do you need?", "Sure, go ahead and ask."),
    ),
    "verified": _by_mood(
        ("Good. So what happens now with {issue}?", "Great. Now, {issue}."),
        ("Okay. So what can you do about {issue}?", "Good. And now?"),
        ("Perfect. So, what can we do about {issue}?",),
    ),
    "softened": _by_mood(
        ("Well. At least somebody says so. What are you going to do about {issue}?", "I hope you mean that."),
        ("Thank you. I appreciate that. So what can we do about {issue}?", "All right. Thank you for saying that."),
        ("Thank you, that is kind. How do we fix {issue}?", "I appreciate that, really."),
    ),
    "softened_first": _by_mood(
        ("Okay.", "Well, thank you for saying that."),
        ("Thank you.", "I appreciate that."),
        ("Thanks, that is kind.", "I appreciate that."),
    ),
    "sorry_is_not_enough": _by_mood(
        ("You keep saying that. What are you going to do about {issue}?", "Sorry does not fix {issue}."),
        ("I know you are sorry. But what happens now?", "Yes, okay. But what about {issue}?"),
        ("It is fine, really. But what can you do about {issue}?", "No need to say it again. What is next?"),
    ),
    "offended": _by_mood(
        (
            "Excuse me? I do not have to listen to this.",
            "How dare you talk to me like that?",
            "Is that how you treat your customers?",
        ),
        ("Excuse me? That was not nice.", "I do not like your tone.", "There is no need to be rude."),
        ("Oh. I did not expect that from you.", "Excuse me? We were doing so well.", "That was not very nice."),
    ),
    "minimised": _by_mood(
        ("Maybe it is nothing to you. It is not nothing to me.", "Do not tell me it does not matter."),
        ("It may seem small to you, but it matters to me.", "Well, for me it is a big deal."),
        ("It does matter to me, though.", "I see it a bit differently, to be honest."),
    ),
    "refused": _by_mood(
        ("So you will do nothing? Then get me somebody who can.", "That is not good enough. Try again."),
        ("There must be something that you can do about {issue}.", "That is disappointing. What can you do, then?"),
        ("Hm. Is there really no way? What else could you do?", "That is a pity. Is there another way?"),
    ),
    "wrong_solution": _by_mood(
        ("That does not help me at all. I am calling about {issue}.", "No. That is not what I need."),
        ("That does not really help me with {issue}.", "I do not think that solves it."),
        ("That is nice of you, but it does not solve {issue}.", "Thank you, but that is not quite what I need."),
    ),
    "too_upset": _by_mood(
        (
            "You think that makes it all right? You have no idea what this was like for me.",
            "You are reading that from a script. Do you even understand why I am upset?",
            "Not so fast. Has anybody there thought about what this did to me?",
        ),
        ("Hold on. I do not feel that you understand why I am upset.",),
        ("Wait. I would like you to understand what this was like for me first.",),
    ),
    "objection_unanswered": _by_mood(
        ("You did not answer me.", "That is not an answer.", "I asked you something."),
        ("That does not answer my question.", "But I still wonder.", "Hm, but really."),
        ("Sorry, but I still wonder about this.", "One thing still worries me."),
    ),
    "held": _by_mood(
        ("Hold? Again? Fine, but make it quick.", "Fine. But do not leave me hanging."),
        ("Okay, but please do not be long.", "All right, I will hold."),
        ("Sure, take your time.", "No problem, I will wait."),
    ),
    "checking": _by_mood(
        ("Fine. Look, then.", "Well, do that. And tell me what you see."),
        ("Okay. Go ahead.", "Sure, have a look."),
        ("Sure, take your time.", "Of course, go ahead."),
    ),
    "back": _by_mood(
        ("Finally. So, what did you find?", "That took long enough. Well?"),
        ("Yes, I am here. What did you find out?", "No problem. And?"),
        ("No problem at all. What did you find?", "Sure. Any news?"),
    ),
    "explained": _by_mood(
        ("I do not care why. What will you do about it?", "And how does that help me?"),
        ("Okay, I see. But what will you do about {issue}?", "I understand. So how do we fix it?"),
        ("Ah, that makes sense. And how do we fix it?", "Thanks for explaining. So what is next?"),
    ),
    "confirmed": _by_mood(
        ("Yes. That is what I have been saying.", "Exactly. So do something about it."),
        ("Yes, that is right. So what can you do?", "Exactly. What happens now?"),
        ("Yes, exactly. Thank you for listening.", "That is right, yes. What can we do?"),
    ),
    "taken_on": _by_mood(
        ("We will see. What exactly will you do?", "Good. And how?"),
        ("Okay, good. How will you do that?", "Thank you. What exactly will you do?"),
        ("Great, thank you. How will you do it?", "Wonderful. So what is the next step?"),
    ),
    "promised": _by_mood(
        ("And what exactly will happen by then?", "You promise a time, but what will you do?"),
        ("Okay. And what exactly will happen?", "Good to know. But what will be done about {issue}?"),
        ("That sounds quick. And what will be done?", "Lovely. And what happens then?"),
    ),
    "transferred": _by_mood(
        ("No. I do not want to be passed around again. You help me.", "Not another department. You fix it."),
        ("I would rather sort this out with you.", "Do I have to explain it all again then? Can you not help me?"),
        ("I would rather stay with you, if you can help me.", "Could you not do it yourself? You are doing fine."),
    ),
    "do_not_know": _by_mood(
        ("I do not know. You are the one with the computer.", "How should I know? I only know about {issue}."),
        ("I am not sure. I only know that I have a problem with {issue}.", "I could not tell you that."),
        ("I am afraid I do not know.", "I am not sure about that, sorry."),
    ),
    "repeat": _always("I said this.", "Listen.", "Once more, then."),
    "go_on": _by_mood(
        ("Well? What are you going to do?", "Are you listening? It is about {issue}.", "And? I am waiting."),
        ("So, what can you do about {issue}?", "And what happens now?", "So? Can you help me?"),
        ("So, what is the next step?", "What do you think we can do about {issue}?", "I am listening."),
    ),
    "nudge": _by_mood(
        (
            "What does that have to do with {issue}?",
            "Can we please talk about {issue}?",
            "I am not calling about that. I am calling about {issue}.",
        ),
        (
            "I am not sure what you mean. I am calling about {issue}.",
            "Sorry, I do not follow. What about {issue}?",
            "Can we come back to {issue}?",
        ),
        (
            "Sorry, I did not quite get that. It is about {issue}.",
            "I am not sure I follow you. Shall we talk about {issue}?",
            "Hm, sorry? I was asking about {issue}.",
        ),
    ),
    "thanked": _by_mood(
        ("Do not thank me. Solve this.", "Yes, yes. And {issue}?"),
        ("You are welcome. But what about {issue}?", "Sure. So what can you do?"),
        ("You are welcome. So, what can we do about {issue}?", "My pleasure. And now?"),
    ),
    "not_done_yet": _by_mood(
        ("Anything else? You have not even solved this. What about {issue}?", "How about we fix {issue} first?"),
        ("Well, first of all I still need help with {issue}.", "We have not solved {issue} yet."),
        ("Not until {issue} is sorted, I am afraid.", "I think we still have to fix {issue}."),
    ),
    "protest": _by_mood(
        ("Wait, you are not hanging up on me! What about {issue}?", "Oh no. You have not solved anything yet!"),
        ("Wait, please. We have not solved {issue} yet.", "Hold on, you have not helped me with {issue}."),
        ("Oh, wait. We have not sorted out {issue} yet.", "Just a second, what about {issue}?"),
    ),
    "left": _by_mood(
        ("Unbelievable. I will tell everybody about this. Goodbye.", "So that is your service. Goodbye."),
        ("Then I will have to call again. Goodbye.", "I am disappointed. Goodbye."),
        ("That is a pity. I will try again later. Goodbye.", "Oh. Well, goodbye then."),
    ),
    "nothing_else": _by_mood(
        ("No, that is all.", "No. That was enough for one day."),
        ("No, that is everything.", "No, that is all, thank you."),
        ("No, that was everything. Thank you so much.", "No, you have been a great help."),
    ),
    "settled_yes": _by_mood(
        ("Yes. As long as it really happens.", "Right. I will be watching my account."),
        ("Yes, that is right.", "Okay, that sounds good."),
        ("Yes, perfect. Thank you.", "That is right, yes. Lovely."),
    ),
    "settled_wait": _always("I think that is everything from my side.", "Well, I think we are done, are we not?"),
    "garbled": _by_mood(
        ("What? I can hardly hear you.", "The line is terrible. Say that again.", "I did not get a word of that."),
        ("Sorry, the line is bad. Could you say that again?", "I did not catch that.", "Can you repeat that, please?"),
        ("Sorry, could you say that once more?", "The line broke up, sorry. Again, please?", "Pardon me?"),
    ),
    "garbled_for_too_long": _always("I cannot understand you on this line. I will call again. Goodbye."),
    "interrupted": _by_mood(
        ("Let me finish!", "Do not interrupt me."),
        ("Please let me finish.", "I was not done."),
        ("Oh, I was still talking.", ""),
    ),
    "kept_waiting": _by_mood(
        ("Hello? That took you long enough.", "Oh, you are still there."),
        ("I was not sure you were still there.", ""),
        ("", "Ah, there you are."),
    ),
    "held_too_long": _by_mood(
        ("Finally. I was about to hang up.", "That was far too long on hold."),
        ("There you are. I was on hold for a long time.", "Hello? I thought that you had forgotten me."),
        ("Ah, there you are. That took a while.", "Hello again. I was beginning to wonder."),
    ),
    "insists": _always("As I said.", "Once again.", "I can only say it again."),
}
