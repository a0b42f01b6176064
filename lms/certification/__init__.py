"""Certificates: earned once, printed, checked by anybody, renewed, revoked.

jobs  functions  handlers     follows facts; `/functions/v1`; the public page `/verify/<code>`
issuing  reissuing            one certificate, in one transaction; all of a product anew, one after the other
press  backgrounds            prints and stores a PDF; an admin's own page to print on
verification  page            PURE: what a code stands for, and the page that says it
codes  certificate            PURE: the short code; what is printed
printing/  signing/           the PDF, and the signature in it
badges/                       each certificate as an Open Badge
"""
