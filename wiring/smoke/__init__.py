"""`smoke`: walks through a running server over its public wires, as a trainee does, and says what does not work.

client    the wires
account   who walks: somebody made for it, or somebody who is there
walk      the steps
command   goes through the steps, prints the table, cleans up
"""
