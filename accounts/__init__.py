"""Who you are: sign-in, logins, tokens, roles."""
