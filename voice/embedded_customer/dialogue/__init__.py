"""PURE: what the offline customer says, driven by a scenario.

from voice.embedded_customer.dialogue.engine import Dialogue
from voice.embedded_customer.dialogue.reply import Reply
from voice.embedded_customer.dialogue.vocabulary import vocabulary_sentences
"""
