"""One person's account: what is stored of it, and how the wire shows it."""
