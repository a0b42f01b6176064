"""Uploads that go on where they broke off: TUS 1.0.0 with creation, creation-with-upload, expiration and termination.

What arrives is stored in parts of a few megabytes under keys of their own; each part counts once it is on disk and its
row says so. When all are there, they are put together to the object. Nothing of it needs a server to remember anything.

    protocol   PURE: headers
    queries    every SQL statement
    uploads    one upload: begun, gone on with, finished, given up
    handlers   HTTP
    tidying    what nobody finishes is removed
"""
