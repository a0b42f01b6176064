"""Which texts of courses may have markup, and what becomes of it. Pure."""

from core.rich_text import clean_html

CLEANED = {"lessons": {"text_content": clean_html}}
"""For the REST wire: columns by tables. What comes any other way the database refuses unless it is clean."""
