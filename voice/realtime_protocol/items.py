"""The items of a conversation: messages, function calls and their outputs. PURE."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer, model_validator


class _Tolerant(BaseModel):
    """Read from a server, which may know more fields than we do. Written without the fields that are null."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @model_serializer(mode="wrap")
    def _without_nulls(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in serialize(self).items() if value is not None}


class ContentPart(_Tolerant):
    """One part of a message."""

    type: str
    text: str | None = None
    transcript: str | None = None
    audio: str | None = None


class Item(_Tolerant):
    """One item: a message of somebody, a function call, or a function's output."""

    id: str
    object: str = "realtime.item"
    type: str
    status: str | None = None
    role: str | None = None
    content: tuple[ContentPart, ...] | None = None
    call_id: str | None = None
    name: str | None = None
    arguments: str | None = None
    output: str | None = None


class NewContentPart(ContentPart):
    """One part of a message that a client adds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["input_text", "input_audio", "output_text", "output_audio"]


class NewItem(Item):
    """An item that a client adds; the server chooses the id when the client does not."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str | None = None  # type: ignore[assignment]
    type: Literal["message", "function_call", "function_call_output"]
    status: Literal["completed", "incomplete", "in_progress"] | None = None
    role: Literal["user", "assistant", "system"] | None = None
    content: tuple[NewContentPart, ...] | None = None

    @model_validator(mode="after")
    def _complete(self) -> "NewItem":
        needed = {
            "message": ("role", "content"),
            "function_call": ("name", "arguments"),
            "function_call_output": ("call_id", "output"),
        }[self.type]
        for name in needed:
            if getattr(self, name) is None:
                raise ValueError(f"a {self.type} needs '{name}'")
        return self

    def with_id(self, item_id: str) -> Item:
        """The item as the conversation keeps it."""
        return Item.model_validate({**self.model_dump(), "id": self.id or item_id, "status": "completed"})


def message(item_id: str, role: str, status: str, *content: ContentPart) -> Item:
    """A message of `role` (user, assistant or system)."""
    return Item(id=item_id, type="message", role=role, status=status, content=content)


def function_call(item_id: str, call_id: str, name: str, arguments: str, status: str) -> Item:
    """A call of one of the client's functions; `arguments` is JSON text."""
    return Item(id=item_id, type="function_call", call_id=call_id, name=name, arguments=arguments, status=status)
