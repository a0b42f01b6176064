"""Courses and what is learned in them."""
