"""The items of one session, in their order. PURE."""

from dataclasses import dataclass

from voice.realtime_protocol.errors import ProtocolError
from voice.realtime_protocol.items import ContentPart, Item

INPUT_MS_PER_TOKEN = 100
OUTPUT_MS_PER_TOKEN = 50
CHARACTERS_PER_TOKEN = 4
ROOT = "root"
MOST_ITEMS = 5_000


@dataclass(slots=True)
class Entry:
    """An item and how much sound it holds."""

    item: Item
    audio_ms: int = 0


class Conversation:
    """Items as the client sees them; new ones go to the end unless it says otherwise."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    @property
    def last(self) -> Item | None:
        """The newest item."""
        return self._entries[-1].item if self._entries else None

    def add(self, item: Item, *, audio_ms: int = 0, after: str | None = None) -> str | None:
        """Puts `item` in and gives the id of the item before it.

        Raises ProtocolError when the id is taken, there is no item `after`, or there are too many.
        """
        if len(self._entries) >= MOST_ITEMS:
            raise ProtocolError("too_many_items", f"A conversation holds {MOST_ITEMS} items.", param="item")
        if any(entry.item.id == item.id for entry in self._entries):
            raise ProtocolError("item_id_already_exists", f"There is an item '{item.id}' already.", param="item.id")
        if after is None:
            place = len(self._entries)
        else:
            place = 0 if after == ROOT else self._place(after, "previous_item_id") + 1
        self._entries.insert(place, Entry(item, audio_ms))
        return self._entries[place - 1].item.id if place else None

    def replace(self, item: Item, *, audio_ms: int | None = None) -> str | None:
        """Puts a newer state of an item in the old one's place and gives the id of the item before it."""
        for place, entry in enumerate(self._entries):
            if entry.item.id == item.id:
                entry.item = item
                entry.audio_ms = entry.audio_ms if audio_ms is None else audio_ms
                return self._entries[place - 1].item.id if place else None
        return None  # the client has deleted it meanwhile

    def get(self, item_id: str) -> Item:
        """The item. Raises ProtocolError."""
        return self._entries[self._place(item_id, "item_id")].item

    def delete(self, item_id: str) -> None:
        """Removes the item. Raises ProtocolError."""
        del self._entries[self._place(item_id, "item_id")]

    def truncate(self, item_id: str, content_index: int, audio_end_ms: int) -> None:
        """Keeps the first `audio_end_ms` of an assistant's sound, and forgets its words. Raises ProtocolError."""
        entry = self._entries[self._place(item_id, "item_id")]
        item = entry.item
        if item.role != "assistant" or item.type != "message":
            raise ProtocolError("invalid_value", "Only an assistant's message can be truncated.", param="item_id")
        if content_index >= len(item.content or ()) and content_index > 0:
            raise ProtocolError("invalid_value", "The item has no such content.", param="content_index")
        if audio_end_ms > entry.audio_ms:
            text = f"Audio content of {entry.audio_ms}ms is already shorter than {audio_end_ms}ms"
            raise ProtocolError("invalid_value", text, param="audio_end_ms")
        entry.audio_ms = audio_end_ms
        entry.item = item.model_copy(update={"content": (ContentPart(type="output_audio"),)})

    def input_tokens(self) -> tuple[int, int]:
        """How many tokens of (text, audio) a model would read if it were given all of this."""
        text = audio = 0
        for entry in self._entries:
            spoken = entry.audio_ms > 0
            per_token = OUTPUT_MS_PER_TOKEN if entry.item.role == "assistant" else INPUT_MS_PER_TOKEN
            audio += entry.audio_ms // per_token
            if not spoken:
                text += sum(text_tokens(part.text or "") for part in entry.item.content or ())
                text += text_tokens(entry.item.arguments or "") + text_tokens(entry.item.output or "")
        return text, audio

    def _place(self, item_id: str, param: str) -> int:
        for place, entry in enumerate(self._entries):
            if entry.item.id == item_id:
                return place
        raise ProtocolError("item_not_found", f"There is no item '{item_id[:100]}'.", param=param)


def text_tokens(text: str) -> int:
    """About how many tokens `text` has."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)
