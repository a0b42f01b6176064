"""A Realtime server that needs no key and no network: it listens, plays a scenario and speaks."""
