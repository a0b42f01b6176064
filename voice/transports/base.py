"""The trainee's end of a call, whatever it is carried by: one line per call, to which one device is connected.

Control messages are numbered and the last ones are kept, so that a device that comes back gets what it missed.
"""

from collections import deque
from collections.abc import Mapping
from typing import Any, Literal, Protocol

from voice.call.actions import SendAudioToTrainee
from voice.call.events import CallEvent
from voice.call.messages import Message, clear

KEPT_MESSAGES = 512
Access = Literal["yes", "takes_over", "taken_over", "no"]
"""`takes_over`: in the place of whatever device is there; `taken_over`: another device has done that."""


class Device(Protocol):
    """A connected device."""

    def send_control(self, message: Mapping[str, Any], seq: int) -> None:
        """Sends a control message; gives the device up when it takes nothing any more."""

    def send_audio(self, frame: SendAudioToTrainee) -> None:
        """Sends a frame."""

    def drop_audio(self, epoch: int) -> None:
        """Frames of this epoch that are not on their way yet are not sent."""

    def close(self, code: int, reason: str) -> None:
        """Says what is still waiting, then closes."""

    @property
    def last_heard_ms(self) -> int:
        """When something came from the device the last time, on the server's monotonic clock."""


class CallPort(Protocol):
    """What a transport needs of a running call."""

    line: "TraineeLine"
    why_over: str
    """The code of the error that a device gets when the call is `over` here."""

    def admit(self, token: str) -> Access:
        """What a device may do that comes with this token."""

    def receive(self, event: CallEvent) -> None:
        """Something happened at the device."""

    @property
    def over(self) -> bool:
        """Whether the call has ended."""

    @property
    def clock_ms(self) -> int:
        """The call's clock, now."""


class TraineeLine:
    """The server's end: numbers control messages, keeps the last ones, and talks to the connected device, if any."""

    def __init__(self) -> None:
        self.device: Device | None = None
        self.seq = 0
        self._kept: deque[tuple[int, Message]] = deque(maxlen=KEPT_MESSAGES)

    def attach(self, device: Device, resume_from: int) -> None:
        """This device is connected now; it gets the messages after `resume_from`."""
        self.device = device
        for seq, message in self._kept:
            if seq > resume_from:
                device.send_control(message, seq)

    def detach(self, device: Device) -> bool:
        """This device is gone; False when another one has taken its place already."""
        if self.device is not device:
            return False
        self.device = None
        return True

    def send(self, message: Message) -> None:
        """Sends a control message, now or when a device comes back."""
        self.seq += 1
        self._kept.append((self.seq, message))
        if self.device:
            self.device.send_control(message, self.seq)

    def send_once(self, message: Message) -> None:
        """Sends what is worth nothing later: it is not sent again to a device that comes back."""
        self.seq += 1
        if self.device:
            self.device.send_control(message, self.seq)

    def send_audio(self, frame: SendAudioToTrainee) -> None:
        """Sends a frame; without a device it is lost, and said again after the device is back."""
        if self.device:
            self.device.send_audio(frame)

    def clear(self, epoch: int) -> None:
        """Nothing more of this epoch reaches the device after this."""
        if self.device:
            self.device.drop_audio(epoch)
        self.send(clear(epoch))

    def close(self, code: int, reason: str) -> None:
        """The call is over."""
        if self.device:
            self.device.close(code, reason)
