"""How often somebody may guess, and have letters sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.client_address import Address, limit_key
from core.rate_limits import Bucket, Rate

SIGN_IN_BY_ADDRESS = Rate("sign-in-address", burst=50, refill_ms=2_000)
SIGN_IN_BY_ACCOUNT = Rate("sign-in-account", burst=10, refill_ms=30_000)
SIGN_INS_BY_ACCOUNT = Rate("sign-ins-account", burst=200, refill_ms=30_000)
LETTERS_BY_ADDRESS = Rate("letters-address", burst=30, refill_ms=60_000)
LETTERS_BY_ACCOUNT = Rate("letters-account", burst=4, refill_ms=300_000)
GUESSES_BY_ADDRESS = Rate("guesses-address", burst=60, refill_ms=5_000)
GUESSES_BY_ACCOUNT = Rate("guesses-account", burst=10, refill_ms=60_000)


@dataclass(frozen=True, slots=True)
class Limits:
    """Each by the client's address and by the account that it is about, whether that exists or not.

    Right passwords count apart, so widely that only a program gone wrong finds the end: each makes a login.
    Refresh tokens are too long to be guessed.
    """

    sign_in_by_address: Rate = SIGN_IN_BY_ADDRESS
    sign_in_by_account: Rate = SIGN_IN_BY_ACCOUNT
    sign_ins_by_account: Rate = SIGN_INS_BY_ACCOUNT
    letters_by_address: Rate = LETTERS_BY_ADDRESS
    letters_by_account: Rate = LETTERS_BY_ACCOUNT
    guesses_by_address: Rate = GUESSES_BY_ADDRESS
    guesses_by_account: Rate = GUESSES_BY_ACCOUNT

    def sign_in(self, address: Address | None, email: str) -> Sequence[Bucket]:
        """What trying a password takes from."""
        return (Bucket(self.sign_in_by_address, limit_key(address)), Bucket(self.sign_in_by_account, email))

    def signed_in(self, email: str) -> Sequence[Bucket]:
        """What a right password takes from, besides."""
        return (Bucket(self.sign_ins_by_account, email),)

    def letter(self, address: Address | None, email: str) -> Sequence[Bucket]:
        """What having a letter sent takes from."""
        return (Bucket(self.letters_by_address, limit_key(address)), Bucket(self.letters_by_account, email))

    def guess(self, address: Address | None, email: str | None = None) -> Sequence[Bucket]:
        """What trying a link or a code takes from."""
        by_address = Bucket(self.guesses_by_address, limit_key(address))
        return (by_address, Bucket(self.guesses_by_account, email)) if email else (by_address,)
