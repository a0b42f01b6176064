"""A customer on hold, as a client of the Realtime protocol sees it."""

from tests.support.scenarios import DOUBLE_CHARGE
from tests.support.session_line import Line, output_of
from voice.embedded_customer.dialogue.wording import WORDINGS
from voice.realtime_protocol import hold

SILENCE_MS = DOUBLE_CHARGE.patience.silence_ms
TOO_LONG = {line for lines in WORDINGS["held_too_long"].values() for line in lines}


async def tell(line: Line, text: str) -> None:
    """The bridge says something about the line."""
    content = [{"type": "input_text", "text": text}]
    await line.send("conversation.item.create", item={"type": "message", "role": "system", "content": content})
    await line.until("conversation.item.done")


async def on_hold_for(line: Line, held_ms: int) -> None:
    """A hold on a line that carries silence all the time, as the bridge sends it."""
    await tell(line, hold.BEGAN)
    for _ in range(held_ms // 1_000):
        await line.wait(1_000)
    assert line.nothing_waits(), "a held customer waits"
    await tell(line, hold.ended(held_ms))


async def test_a_customer_on_hold_says_nothing_and_then_one_thing(opened):
    line = await opened()
    await line.wait(line.sound_ms())
    await on_hold_for(line, 4 * SILENCE_MS)
    assert output_of(await line.until("response.done"))[0] == "output_audio"
    assert any(line.words().endswith(remark) for remark in TOO_LONG)
    await line.wait(100)
    assert line.nothing_waits()


async def test_after_a_short_hold_the_customer_lets_the_trainee_speak(opened):
    line = await opened("Thank you for holding. What is your account number?")
    await line.wait(line.sound_ms())
    await on_hold_for(line, 10_000)
    await line.wait(SILENCE_MS - 1_000)
    assert line.nothing_waits()
    await line.say(1_000)
    await line.until("response.done")
    assert "four four one seven" in line.words()
    kept_waiting = {words for lines in WORDINGS["kept_waiting"].values() for words in lines if words}
    assert not any(words in line.words() for words in kept_waiting), "the hold was no wait for an answer"


async def test_after_the_hold_the_patience_with_silence_begins_anew(opened):
    line = await opened()
    await line.wait(line.sound_ms())
    await on_hold_for(line, 10_000)
    await line.wait(SILENCE_MS)
    await line.until("input_audio_buffer.timeout_triggered")


async def test_an_answer_that_came_during_the_hold_is_remark_enough(opened):
    line = await opened("Please hold the line.")
    await line.wait(line.sound_ms())
    await tell(line, hold.BEGAN)
    await line.say(500)
    await line.until("response.done")
    await tell(line, hold.ended(90_000))
    assert line.nothing_waits()


async def test_the_end_of_a_hold_that_never_began_is_nothing(opened):
    line = await opened()
    await tell(line, hold.ended(90_000))
    assert line.nothing_waits()
