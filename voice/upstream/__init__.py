"""Connections to the voice model that plays the customer."""
