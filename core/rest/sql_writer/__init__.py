"""A plan becomes one SQL statement in which PostgreSQL writes the JSON. Pure.

`reads.read_statement`, `writes.insert_statement`, `writes.update_statement`, `writes.delete_statement` and
`calls.call_statement`. Each statement answers one row: `body` (text; null when it would be longer than
`forms.MAXIMUM_ANSWER_BYTES`), `rows` (how many rows the body holds, or how many were written), `total` (how many there
are, null when nobody asked) and `inserted` (how many rows of a POST are new, null otherwise).
"""
