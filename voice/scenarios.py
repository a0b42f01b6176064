"""What a call plays: the simulation that the person may open, frozen for this call."""

import logging
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from core.db import Database
from core.errors import Conflict, NotFound
from core.identity import Person
from voice import queries
from voice.scenario import Scenario

log = logging.getLogger(__name__)

PROMPT_PREFIX = "callx-call-"


@dataclass(frozen=True, slots=True)
class Simulation:
    """A simulation as the service reads it. `script` is None when it has only its system prompt."""

    id: UUID
    system_prompt: str
    customer_name: str
    version: int | None
    script: dict[str, Any] | None
    scenario: Scenario | None
    rubric: dict[str, Any] | None
    call_script: str | None = None
    """The beginning of the document that agents go by, where one is named and could be read."""
    is_open: bool = True
    """Whether a call may begin; one that is under way goes on when its lesson is taken away meanwhile."""


async def simulation_for(database: Database, person: Person, simulation_id: UUID) -> Simulation:
    """The simulation, if row-level security lets this person see it.

    Raises NotFound `simulation_not_found`, and Conflict `scenario_invalid` when its script cannot be played.
    """
    async with database.acting_as(person, read_only=True) as tx:
        visible = await tx.fetchval(queries.MAY_OPEN, simulation_id)
    if not visible:
        raise simulation_not_found()
    return await simulation_of_a_call(database, simulation_id, is_open=True)


def simulation_not_found() -> NotFound:
    """What is told of a simulation that the person may not open."""
    return NotFound("There is no such simulation.", code="simulation_not_found")


async def simulation_of_a_call(database: Database, simulation_id: UUID, *, is_open: bool) -> Simulation:
    """The simulation, whoever may open it: the caller has asked that. Raises as `simulation_for`."""
    async with database.acting_as_service() as tx:
        row = await tx.fetchrow(queries.SIMULATION, simulation_id)
    if row is None:
        raise simulation_not_found()
    scenario = _scenario(row["script"]) if row["script"] else None
    return Simulation(
        id=row["id"],
        system_prompt=row["ai_system_prompt"],
        customer_name=scenario.customer.name if scenario else row["customer_name"] or "The customer",
        version=row["version"] if scenario else None,
        script=row["script"] if scenario else None,
        scenario=scenario,
        rubric=row["rubric"] or None,
        call_script=row["call_script"],
        is_open=is_open,
    )


async def scenario_for_prompt(database: Database, prompt_id: str, version: str) -> Scenario | None:
    """The scenario that a call was made with, by the name it has in `session.prompt`; None when there is none."""
    try:
        call_id = UUID(prompt_id.removeprefix(PROMPT_PREFIX)) if prompt_id.startswith(PROMPT_PREFIX) else None
    except ValueError:
        return None
    if call_id is None:
        return None
    async with database.acting_as_service() as tx:
        script = await tx.fetchval(queries.FROZEN_SCENARIO, call_id, version)
    return Scenario.model_validate(script) if script else None


def prompt_id(call_id: UUID) -> str:
    """The name of a call's scenario in `session.prompt`."""
    return f"{PROMPT_PREFIX}{call_id}"


def _scenario(script: dict[str, Any]) -> Scenario:
    try:
        return Scenario.model_validate(script)
    except ValidationError as error:
        log.warning("A scenario cannot be played: %s", error)
        raise Conflict("This simulation's scenario cannot be played.", code="scenario_invalid") from error
