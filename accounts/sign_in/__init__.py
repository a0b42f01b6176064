"""Signing in and staying signed in: passwords, logins, refresh tokens and their rotation."""
