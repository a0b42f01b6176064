"""A trainee without a body: dials a running server over the real wire, speaks lines, and reads the report card."""
