"""PURE: the vocabulary of call-center speech, read by the dialogue and by the local judge."""
