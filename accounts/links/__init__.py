"""One-time links: the tokens and codes in letters, where they may lead, and PKCE."""
