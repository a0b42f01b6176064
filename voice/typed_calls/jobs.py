"""Every minute: typed calls that nobody goes on with come to their end."""

from core.jobs import Subscriptions
from voice.typed_calls.desk import TypedCalls


def subscribe(subscriptions: Subscriptions, typed_calls: TypedCalls) -> None:
    """Enters what is done at set times."""
    subscriptions.at("* * * * *", "voice.end-overdue-typed-calls", typed_calls.end_overdue)
