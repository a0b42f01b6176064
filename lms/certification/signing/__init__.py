"""The signature in the PDF of a certificate, where the operator has given a key.

pdf_signature   loads the key, says until when it is good, and signs
key_making      a self-signed key for organisations that have none
"""
