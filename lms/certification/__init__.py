"""Certificates: earned once, printed, checked by anybody, renewed, revoked.

jobs  functions  handlers     follows facts; `/functions/v1`; the public page `/verify/<code>`
issuing  backgrounds          one certificate, in one transaction; an admin's own page to print on
verification  page            PURE: what a code stands for, and the page that says it
codes  certificate            PURE: the short code; what is printed
printing/                     the PDF
"""
