"""A finished call becomes a report card."""
