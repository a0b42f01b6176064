"""PURE: the vocabulary of call-center speech, read by the dialogue and by the local judge.

from voice.speech_acts.analysis import acts_of, analyse
from voice.speech_acts.acts import SpeechAct, Utterance
"""
