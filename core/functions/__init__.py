"""`/functions/v1`: endpoints by name, which the feature packages enter.

    class TeamWanted(BaseModel):
        limit: int = Field(50, ge=1, le=200, description="At most so many people.")

    async def get_team_progress(call: FunctionCall, wanted: TeamWanted) -> TeamProgress:
        \"\"\"How far everybody in the caller's team is.\"\"\"
        async with call.acting(read_only=True) as tx:
            ...

    app[FUNCTIONS].add("get-team-progress", get_team_progress, methods=("GET", "POST"))

That is all: input, answer and description are in `/openapi.json`, what is wrong with an input is a 400 that names the
field, and any `CallXError` becomes `{"error", "code"}`.
"""

from core.functions.errors import InvalidInput
from core.functions.registry import (
    ANYBODY,
    FUNCTIONS,
    SERVICE_ONLY,
    SIGNED_IN,
    SIGNED_IN_OR_SERVICE,
    FileAnswer,
    Function,
    FunctionCall,
    Functions,
)

__all__ = [
    "ANYBODY",
    "FUNCTIONS",
    "SERVICE_ONLY",
    "SIGNED_IN",
    "SIGNED_IN_OR_SERVICE",
    "FileAnswer",
    "Function",
    "FunctionCall",
    "Functions",
    "InvalidInput",
]
