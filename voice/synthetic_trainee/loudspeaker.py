"""A modelled loudspeaker: what a device that plays at real time has played by now. PURE."""

from dataclasses import dataclass


@dataclass(slots=True)
class _Reply:
    epoch: int
    received_ms: int = 0
    played_ms: int = 0
    complete: bool = False
    announced: bool = False
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """A report for the server: so much of reply `epoch` was played."""

    epoch: int
    played_ms: int


class Loudspeaker:
    """Plays replies one after the other; time comes in through `advance`."""

    def __init__(self, report_every_ms: int = 200) -> None:
        self._replies: dict[int, _Reply] = {}
        self._report_every_ms = report_every_ms
        self._since_report_ms = 0
        self.quiet_ms = 0
        """How long nothing was played."""

    @property
    def playing(self) -> bool:
        """Whether sound is coming out or more of a reply is expected."""
        return any(not reply.finished for reply in self._replies.values())

    def receive(self, epoch: int, length_ms: int, *, last: bool) -> None:
        """Takes one frame; frames of a reply that was cleared or finished are thrown away."""
        reply = self._replies.setdefault(epoch, _Reply(epoch))
        if not reply.finished:
            self.quiet_ms = 0
            reply.received_ms += length_ms
            reply.complete = reply.complete or last

    def clear(self, epoch: int) -> Progress:
        """Throws away what is left of a reply; how much of it was played."""
        reply = self._replies.setdefault(epoch, _Reply(epoch))
        reply.finished = True
        return Progress(epoch, reply.played_ms)

    def advance(self, elapsed_ms: int) -> list[Progress]:
        """Lets time pass; the reports that fall due in it."""
        reports: list[Progress] = []
        self.quiet_ms = 0 if self.playing else self.quiet_ms + elapsed_ms
        self._since_report_ms += elapsed_ms
        for epoch in sorted(self._replies):
            reply = self._replies[epoch]
            if reply.finished:
                continue
            if not reply.announced:
                reply.announced = True
                reports.append(Progress(epoch, 0))
            step_ms = min(elapsed_ms, reply.received_ms - reply.played_ms)
            reply.played_ms += step_ms
            if reply.complete and reply.played_ms >= reply.received_ms:
                reply.finished = True
                reports.append(Progress(epoch, reply.played_ms))
            elif self._since_report_ms >= self._report_every_ms:
                reports.append(Progress(epoch, reply.played_ms))
            break
        if self._since_report_ms >= self._report_every_ms:
            self._since_report_ms = 0
        return reports
