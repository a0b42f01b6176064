"""`/rest/v1`: query string -> query -> catalog -> plan -> SQL. Everything but the transaction is pure.

Nothing of a request reaches the SQL text but names found in the catalog (quoted) and checked aliases; every value is a
parameter. One statement a request, and PostgreSQL writes the JSON.
"""
