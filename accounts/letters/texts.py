"""What each letter says. Pure."""

from datetime import datetime

from accounts.letters.layout import Content, Letter, laid_out

NOT_YOU = "If this was not you, ignore this letter: nothing happens without it."


def confirm_sign_up(site_url: str, link: str, code: str) -> Letter:
    """To somebody who has signed up, or whose address somebody has typed: it repeats nothing that was typed."""
    return laid_out(
        Content(
            subject="Confirm your e-mail address",
            heading="One step to go",
            paragraphs=("Confirm that this address is yours, and your CallX account is ready.",),
            site_url=site_url,
            button=("Confirm my address", link),
            code=code,
            small_print=("The link works once, within 24 hours.", NOT_YOU),
        )
    )


def already_registered(site_url: str) -> Letter:
    """To somebody who has an account, when the address is given for a new one."""
    return laid_out(
        Content(
            subject="You have an account already",
            heading="You have an account already",
            paragraphs=(
                "Somebody gave this address for a CallX account, but it has one. If that was you, sign in; if you "
                "forgot your password, ask for a new one where you sign in.",
            ),
            site_url=site_url,
            button=("Go to CallX", site_url),
            small_print=("If this was not you, there is nothing to do: nothing has changed.",),
        )
    )


def reset_password(site_url: str, link: str, code: str, *, name: str) -> Letter:
    """To somebody who forgot the password."""
    return laid_out(
        Content(
            subject="Choose a new password",
            heading=_greeting(name),
            paragraphs=("Somebody, we hope you, asked for a new password for your CallX account.",),
            site_url=site_url,
            button=("Choose a new password", link),
            code=code,
            small_print=("The link works once, within an hour.", NOT_YOU),
        )
    )


def invitation(site_url: str, link: str, *, name: str) -> Letter:
    """To somebody for whom an admin has made an account."""
    return laid_out(
        Content(
            subject="Your CallX account",
            heading=_greeting(name),
            paragraphs=("An account was made for you on CallX, where you practise calls with an AI customer.",),
            site_url=site_url,
            button=("Choose a password", link),
            small_print=(
                "The link works once, within seven days. After that, ask for a new password where you sign in.",
            ),
        )
    )


def confirm_new_address(site_url: str, link: str, code: str) -> Letter:
    """To the address that an account shall move to."""
    return laid_out(
        Content(
            subject="Confirm your new e-mail address",
            heading="Is this your new address?",
            paragraphs=(
                "Somebody wants to use this address for a CallX account. Confirm it here; the old one is asked too.",
            ),
            site_url=site_url,
            button=("Confirm this address", link),
            code=code,
            small_print=("The link works once, within 24 hours.", NOT_YOU),
        )
    )


def agree_to_new_address(site_url: str, link: str, code: str, *, name: str, new_email: str) -> Letter:
    """To the address that an account shall move away from."""
    return laid_out(
        Content(
            subject="Do you want to change your e-mail address?",
            heading=_greeting(name),
            paragraphs=(
                f"Your CallX account shall move to {new_email}. It does when you agree here and the new address is "
                "confirmed too.",
            ),
            site_url=site_url,
            button=("Yes, change it", link),
            code=code,
            small_print=(
                "The link works once, within 24 hours.",
                "If this was not you, somebody else is signed in to your account: change your password.",
            ),
        )
    )


def reauthentication(site_url: str, code: str, *, name: str) -> Letter:
    """To somebody who does something that a stolen device must not be able to do."""
    return laid_out(
        Content(
            subject="Your code",
            heading=_greeting(name),
            paragraphs=("Enter this code to go on. It is good for ten minutes.",),
            site_url=site_url,
            code=code,
            small_print=("If this was not you, somebody else is signed in to your account: change your password.",),
        )
    )


def password_changed(site_url: str, *, name: str, at: datetime) -> Letter:
    """To somebody whose password has changed."""
    return laid_out(
        Content(
            subject="Your password was changed",
            heading=_greeting(name),
            paragraphs=(
                f"The password of your CallX account was changed on {_shown(at)}. Every other device was signed out.",
            ),
            site_url=site_url,
            button=("Go to CallX", site_url),
            small_print=("If this was not you, ask for a new password where you sign in, and tell your admin.",),
        )
    )


def address_changed(site_url: str, *, name: str, new_email: str, at: datetime) -> Letter:
    """To the old address, after the change."""
    return laid_out(
        Content(
            subject="Your e-mail address was changed",
            heading=_greeting(name),
            paragraphs=(f"Since {_shown(at)} you sign in to CallX as {new_email}.",),
            site_url=site_url,
            small_print=("If this was not you, tell your admin.",),
        )
    )


def _greeting(name: str) -> str:
    shown = " ".join(name.split())
    return f"Hello {shown}," if shown else "Hello,"


def _shown(at: datetime) -> str:
    return f"{at:%d %B %Y, %H:%M} UTC"
