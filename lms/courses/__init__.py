"""What courses consist of, beyond what REST does by itself."""
