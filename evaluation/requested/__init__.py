"""`evaluate-simulation`: a trainee asks for the report of a call, and sends what they think was said."""
