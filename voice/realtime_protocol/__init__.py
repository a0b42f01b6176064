"""PURE: the messages of the OpenAI Realtime GA protocol, both directions."""
