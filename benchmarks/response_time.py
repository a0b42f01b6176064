"""How long the customer takes to answer: from the trainee's last word to the customer's first sound.

    python -m benchmarks.response_time [--calls 5]

Starts the real server on loopback with the embedded customer, dials it as the synthetic trainee and measures at the
trainee's device: from the last loud sample that left the microphone to the arrival of the first frame of the reply. The
turn detector's waiting time (500 ms) is inside the figure, as a trainee lives it; it is shown as the floor.
"""

import argparse
import asyncio
import statistics
import tempfile
from pathlib import Path

import numpy as np

from tests.support.running_server import RunningServer
from voice.audio_format import BYTES_PER_SAMPLE
from voice.embedded_customer.speech_engines import SpeechEngines
from voice.synthetic_trainee.server_client import ServerClient
from voice.synthetic_trainee.softphone import Softphone

LINES = (
    "Good morning, you are speaking with Sam. I am so sorry about that.",
    "I will take care of this for you. May I have your account number please?",
    "Thank you. And what is your date of birth?",
    "Could you tell me what happened?",
    "Let me check that for you.",
)
FLOOR_MS = 500
LOUD = 500
QUIET_MS = 700


def trimmed(pcm: bytes) -> bytes:
    """The line up to its last loud sample, so that the clock starts at the last word."""
    loud = np.flatnonzero(np.abs(np.frombuffer(pcm, np.int16)) > LOUD)
    return pcm[: (int(loud[-1]) + 1) * BYTES_PER_SAMPLE]


async def answers_ms(url: str, sounds: list[bytes]) -> list[float]:
    """One call; the waiting time after each line."""
    waits: list[float] = []
    loop = asyncio.get_running_loop()
    async with ServerClient(url) as server:
        await server.sign_in("trainee@callx.example", "callx-demo")
        placed = await server.place_call((await server.simulations())[0].id, "practice")
        phone = Softphone(placed.socket_url, placed.token, lambda message: None)

        async def converse(phone: Softphone) -> None:
            await phone.reply_after(0)
            for sound in sounds:
                await phone.quiet_for(QUIET_MS)
                heard = phone.heard_replies
                await phone.say(sound)
                said_at_s = loop.time()
                await phone.reply_after(heard)
                waits.append((loop.time() - said_at_s) * 1_000)
            await phone.quiet_for(QUIET_MS)
            await phone.hang_up()

        await phone.run(converse)
    return waits


async def measure(calls: int) -> None:
    """Prints median, 95th percentile and range over all answers."""
    with tempfile.TemporaryDirectory() as folder:
        engines = SpeechEngines(workers=1, cache_dir=Path(folder) / "speech")
        await engines.start()
        sounds = [trimmed(b"".join([pcm async for pcm in engines.speak(line, "male", 150)])) for line in LINES]
        await engines.close()
        server = RunningServer(Path(folder) / "data")
        await server.start()
        try:
            waits = [wait for _ in range(calls) for wait in await answers_ms(server.url, sounds)]
        finally:
            await server.stop()
    ordered = sorted(waits)
    print(f"{len(waits)} answers in {calls} calls, ms from the last word to the first sound")
    print(f"median {statistics.median(ordered):.0f}   p95 {ordered[int(0.95 * (len(ordered) - 1))]:.0f}", end="   ")
    print(f"min {ordered[0]:.0f}   max {ordered[-1]:.0f}   floor (silence that ends a turn) {FLOOR_MS}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=5)
    asyncio.run(measure(parser.parse_args().calls))
