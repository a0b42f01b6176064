"""Plumbing that knows no product word: settings, web, database, facts, jobs, object storage, REST."""
