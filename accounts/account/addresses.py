"""How addresses and other texts of people are stored. Pure."""


def normalised_email(email: str) -> str:
    """The form in which addresses are stored and compared."""
    return storable(email).strip().lower()


def storable(text: str) -> str:
    """Text without what PostgreSQL cannot store: lone surrogates and zero bytes become question marks."""
    return text.replace("\0", "?").encode("utf-8", errors="replace").decode()
