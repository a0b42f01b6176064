"""Quizzes: files of questions in and out, and attempts whose time is over.

Grading, starting, limits and reviews are the database's own: migrations/sql/0017_*.sql.
"""
