"""Calls in writing: the same scenarios, turns and call machine as on the telephone, one message at a time."""
