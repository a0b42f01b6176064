"""A call, from ring to recording."""
