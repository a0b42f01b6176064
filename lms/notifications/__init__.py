"""What people are told: on the screen, by letter, or not at all if they do not want it.

kinds         PURE: what there is to tell, and how it looks
wording       PURE: a telling becomes a letter, or a line on the screen; texts/ has the words
tellings      what there is to say about a subject, out of the database; call_tellings: about comments and reviews
notifying     tells somebody something, once
jobs          facts that people are told of
commenting    comments: several at once are told together
reminders     what comes at its time: due dates, expiring certificates, a team's week and month
writing       writes the letters that were queued
sending       the function `send-notification-email`
unsubscribing PURE: the links that end letters; handlers.py serves them
"""
