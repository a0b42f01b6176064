"""Reading files of unknown origin in a process of their own, with limits and without secrets.

process  the server's side: starts the process, hands it the parts of the file that it asks for
worker   the process's side: its limits, and the file as it sees it
"""
