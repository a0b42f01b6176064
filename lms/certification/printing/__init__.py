"""The PDF of a certificate.

printer                 from a Certificate to bytes
layout  ornaments       what stands where, and what is drawn round it
typesetting  fonts      lines of text in any script, and the letters they are set in
runs                    PURE: which parts of a line are set in one direction
background              an admin's own page
"""
