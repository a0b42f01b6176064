"""What training achieves, in numbers: for admins about everybody, for managers about their team.

    handlers         the functions get-training-funnel … get-training-costs, and export-analytics
    asked            what they take. PURE
    answers          what they answer, made of what the database has counted. PURE
    distributions    mean, spread, quartiles and bars of counted values. PURE
    rates            shares with their intervals. PURE
    quiz_items       how hard a question is, and whether it tells those who know from those who do not. PURE
    tables           the answers as tables for spreadsheets. PURE
    queries          the statements

The database counts (migration 0026) and decides who may ask; `docs/analytics.md` defines each number.
"""
