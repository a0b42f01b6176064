"""The letters that accounts write: what they say (`texts`) and how they look (`layout`). Pure.

Everything that comes from people is escaped, and a letter to an address that nobody has confirmed says nothing that
whoever typed the address could choose.
"""

from accounts.letters.layout import Letter

__all__ = ["Letter"]
