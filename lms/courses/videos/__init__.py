"""Videos of lessons: how long they are. What was watched of them is the database's (`public.watch_lesson`).

media    reads a film's length, size and codecs, in a confined process; the one user of av here
jobs     reads what was uploaded or named, and says what became of it
queries  every statement
"""
