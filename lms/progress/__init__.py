"""How far people are: one person, a team, and modules that open.

    handlers    the functions get-user-progress, get-my-courses and get-team-progress
    answers     what they answer. PURE
    queries     the statements, and the refusals of the database
    jobs        announces a module that a completion has opened

The rules are in the database (migrations 0013a): which lessons count, when something is completed, locked or past due.
"""
