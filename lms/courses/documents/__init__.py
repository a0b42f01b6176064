"""PDFs: what their pages say, for searching and for the scripts of simulations.

pdf_text   reads one, in a confined process; the one user of pypdf here
jobs       reads what was uploaded, and says what became of it
queries    every statement
"""
