"""What the functions about recognition take and answer. Pure."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from lms.recognition.badges import Badge, SubjectKind
from lms.recognition.leaderboard import Entry, leaderboard
from lms.recognition.streaks import FREEZES_A_WEEK, streak_of

WINDOW_DAYS = 28


class Nothing(BaseModel):
    """No input."""


class Award(BaseModel):
    """One badge."""

    id: UUID
    badge: Badge
    subject_kind: SubjectKind
    subject_id: UUID = Field(description="What earned it.")
    earned_at: datetime


class ShownStreak(BaseModel):
    """Days of learning in a row."""

    current: int
    longest: int
    last_day: date | None
    freezes_left: int = Field(description=f"Of {FREEZES_A_WEEK} days that may be missed this week.")


class RecognisedTeam(BaseModel):
    """A team of the caller's that has recognition."""

    manager_id: UUID
    manager_name: str


class MyRecognition(BaseModel):
    """What the caller has earned."""

    is_on: bool = Field(description="Whether a team of the caller's has recognition; if not, the rest is empty.")
    teams: list[RecognisedTeam]
    off_leaderboards: bool = Field(description="Teammates see nothing of the caller: `personal_settings`.")
    time_zone: str = Field(description="By whose clock days are days.")
    streak: ShownStreak
    awards: list[Award] = Field(description="In the order in which they were earned.")


class LeaderboardWanted(BaseModel):
    """Whose team, and since when."""

    manager_id: UUID | None = Field(None, description="Whose team; one's own when left out, the first of several.")
    days: int = Field(WINDOW_DAYS, ge=7, le=90, description="Attempts of so many days count.")


class LeaderboardLine(BaseModel):
    """One person."""

    place: int | None = Field(description="Only in the top third.")
    user_id: UUID
    full_name: str
    gain: int = Field(
        description="Points from first to best attempt, on average over simulations tried more than once."
    )
    is_me: bool


class Leaderboard(BaseModel):
    """The top third, and the caller with the next ones to catch up with. Nobody is shown as last."""

    manager_id: UUID
    manager_name: str
    since: datetime
    lines: list[LeaderboardLine]


def my_recognition(found: dict[str, Any]) -> MyRecognition:
    """Of `callx.my_recognition`; nothing but the settings where no team of the caller's has recognition."""
    is_on = bool(found["teams"])
    days = [date.fromisoformat(day) for day in found["learning_days"]] if is_on else []
    streak = streak_of(days, date.fromisoformat(found["today"]))
    return MyRecognition(
        is_on=is_on,
        teams=found["teams"],
        off_leaderboards=found["off_leaderboards"],
        time_zone=found["time_zone"],
        streak=ShownStreak(
            current=streak.current,
            longest=streak.longest,
            last_day=streak.last_day,
            freezes_left=streak.freezes_left,
        ),
        awards=found["awards"] if is_on else [],
    )


def leaderboard_for(found: dict[str, Any], since: datetime, viewer_id: UUID) -> Leaderboard:
    """Of `callx.improvements`."""
    entries = [
        Entry(UUID(person["user_id"]), person["full_name"], person["gain"], person["is_hidden"])
        for person in found["people"]
    ]
    lines = [
        LeaderboardLine(
            place=line.place,
            user_id=line.entry.user_id,
            full_name=line.entry.full_name,
            gain=line.entry.gain,
            is_me=line.entry.user_id == viewer_id,
        )
        for line in leaderboard(entries, viewer_id)
    ]
    return Leaderboard(manager_id=found["manager_id"], manager_name=found["manager_name"], since=since, lines=lines)
