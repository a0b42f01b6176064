"""The real `supabase` for Python: signing in, rows, files and functions."""

import json

import pytest

from tests.app.clients.conftest import Demo
from tests.support.python_client import PythonClient

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.slow]

DENIED = "new row violates row-level security policy"
REFUSED = {
    "signed_out": ["42501", None],
    "wrong_password": [400, "invalid_credentials"],
    "no_single": ["PGRST116", "The result contains 0 rows"],
    "hidden": ["42501", None],
    "not_updated": ["42501", None],
    "all_deleted": ["21000", None],
    "uploaded_again": ["409", "The resource already exists"],
    "not_downloaded": ["404", "Object not found"],
    "not_uploaded": ["403", DENIED],
    "listed_by_nobody": ["403", "This needs a sign-in: the request came with the API key alone."],
    "function_refused": [403, "Only managers see a team, and only their own."],
    "function_unknown": [404, "There is no such function."],
    "function_signed_out": [401, "Sign in first."],
    "after_sign_out": ["42501", None],
}
ANSWERED = {
    "user": "trainee@callx.example",
    "refreshed": "trainee@callx.example",
    "embeds": "The first thirty seconds",
    "inner": 11,
    "filters": ["Why people call angry"],
    "counted": 2,
    "page": 6,
    "none": None,
    "csv": "title\nInbound Service Essentials\nRetention and Refunds",
    "rpc": True,
    "rpc_by_get": False,
    "inserted": ["Python", True],
    "inserted_many": 2,
    "upserted": "Module one",
    "updated": "changed",
    "deleted": ["Python"],
    "uploaded": "lesson-attachments/python/a b.pdf",
    "replaced": "lesson-attachments/python/a b.pdf",
    "updated_file": "lesson-attachments/python/a b.pdf",
    "downloaded": "%PDF three",
    "exists": [True, False],
    "info": 10,
    "opened": "application/pdf: %PDF three",
    "opened_as_file": "application/pdf: %PDF three",
    "many_links": [None, "Either the object does not exist or you do not have access to it"],
    "uploaded_by_link": "lesson-attachments/python/guest.pdf",
    "listed": ["a b.pdf", "guest.pdf", "moved.pdf"],
    "listed_by_a_trainee": [],
    "removed": 3,
    "buckets": ["certificates", "course-packs", "lesson-attachments", "lesson-videos"],
    "function": 11,
}


async def test_the_client_for_python_lives_its_day(supabase_py: PythonClient, demo: Demo):
    story = supabase_py.path / "story.py"
    seen = json.loads(await supabase_py.run(story, demo.url, demo.key))
    refused = {
        name: answer["refused"] for name, answer in seen.items() if isinstance(answer, dict) and "refused" in answer
    }
    assert refused == REFUSED
    assert ["python", None] in seen.pop("listed_folders")
    assert seen.pop("copied")["Key"] == "lesson-attachments/python/copy.pdf"
    assert seen.pop("moved")["message"] == "Successfully moved"
    assert {name: answer for name, answer in seen.items() if name not in refused} == ANSWERED
