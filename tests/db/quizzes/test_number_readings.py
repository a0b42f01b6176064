"""Numbers are graded as the page says that they are read: both are held to the same list."""

import json
from pathlib import Path

import asyncpg

READINGS = json.loads((Path(__file__).parents[2] / "support" / "number_readings.json").read_text("utf8"))


async def test_the_database_reads_numbers_as_the_page_does(owner: asyncpg.Connection):
    rows = await owner.fetch(
        "select t.text, callx.number_readings(t.text) as readings from unnest($1::text[]) as t (text)", list(READINGS)
    )
    read = {row["text"]: sorted(float(reading) for reading in row["readings"]) for row in rows}
    assert read == {text: sorted(float(number) for number in numbers) for text, numbers in READINGS.items()}
