"""Recognition, for teams that want it: badges for quality, streaks, a leaderboard by improvement.

    handlers      the functions get-my-recognition and get-leaderboard
    answers       what they take and answer. PURE
    badges        which badges what somebody has done is worth. PURE
    streaks       days of learning in a row. PURE
    leaderboard   who is shown to whom, so that nobody is shown as last. PURE
    jobs          awards a badge once, after what earned it
    queries       the statements

Off unless an admin and the team's manager turn it on (migration 0027); `docs/recognition.md` has the rules.
"""
