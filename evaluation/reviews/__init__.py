"""People's word over the judge's.

overrides        what a person overrules, and the judgement with it. PURE
stored           a judgement as JSON, and out of a report that was stored without one. PURE
effective        the report card with the review in it. PURE
reviewing        keeps drafts and publishes: report, attempt, lesson and certificate follow
function         the function review-call
judging_again    asks the model again about what rules have judged in its place
queries          every statement
"""
