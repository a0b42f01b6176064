"""People in the hands of admins: making them, roles, teams, and the import from CSV."""
