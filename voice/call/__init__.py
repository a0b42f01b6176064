"""PURE: the call as a state machine: events in, actions out; no socket, no clock, no await."""
