"""The roles there are, in rising order. Pure."""

ROLES = ("trainee", "manager", "admin")
EVERYBODY_BEGINS_AS = frozenset({"trainee"})
