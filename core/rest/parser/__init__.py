"""The query string of the REST wire as data (`core.rest.query`). Pure.

The language is PostgREST's. Whatever the text, the only exception that leaves this package is RestError.
"""

from core.rest.parser.query_string import parse_query
from core.rest.parser.select import parse_select

__all__ = ["parse_query", "parse_select"]
