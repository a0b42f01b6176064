"""PURE: the phrase tables, one module per part of a call. The pattern language is in `voice.speech_acts.patterns`."""
