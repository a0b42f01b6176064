"""A language model as judge: it answers checks and quotes; code looks quotes up and computes every number."""
