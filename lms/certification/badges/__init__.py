"""Open Badges 3.0: each certificate as a signed credential that wallets and employers read without asking us.

handlers  making           the public addresses below `/badges/`; makes a badge once for each certificate
keys                       the server's own key for badges, and compact signatures
credential  status_list    PURE: what is signed: the credential, and which ones hold no more
picture                    the badge as people see it, with the credential baked in
"""
