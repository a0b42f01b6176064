"""Lessons with videos and documents, as an admin makes them over the public wires."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from playwright.async_api import Page

from tests.browser.steps import PASSWORD
from tests.support.running_server import RunningServer
from tests.support.visitor import Visitor, eventually

ADMIN = "admin@callx.example"
CAPTIONS = """WEBVTT

00:00.000 --> 00:30.000
Hello, how can I help you?
"""


@dataclass(frozen=True)
class OnlineLesson:
    """Where a lesson is."""

    lesson_id: str
    title: str
    product: str

    def address(self, server: RunningServer) -> str:
        """Its page."""
        return f"{server.url}/lessons/{self.lesson_id}"


async def upload(admin: Visitor, bucket: str, name: str, content: bytes, content_type: str) -> str:
    """Puts a file into a bucket under a name of its own; the name."""
    path = f"{uuid4().hex}/{name}"
    answer = await admin.ask(
        "POST", f"/storage/v1/object/{bucket}/{path}", data=content, headers={"Content-Type": content_type}
    )
    assert answer.status == 200, answer
    return path


async def make_lesson(
    server: RunningServer,
    title: str,
    *,
    film: bytes | None = None,
    attachments: dict[str, tuple[bytes, str]] | None = None,
    captions: bool = False,
    **columns: Any,
) -> OnlineLesson:
    """A course of one lesson, read by the jobs; `attachments` are contents and types by name."""
    async with Visitor(server.url) as admin:
        await admin.sign_in(ADMIN, PASSWORD)
        name = f"{title} {uuid4().hex[:6]}"
        [product] = await admin.insert("products", {"title": name, "is_active": True})
        [module] = await admin.insert("modules", {"product_id": product["id"], "title": "One", "order_index": 0})
        row = {"module_id": module["id"], "title": title, "lesson_type": "video", "order_index": 0, **columns}
        if film is not None:
            row["video_url"] = await upload(admin, "lesson-videos", "film.webm", film, "video/webm")
        [lesson] = await admin.insert("lessons", row)
        files = dict(attachments or {})
        if captions:
            files["film.en.vtt"] = (CAPTIONS.encode(), "text/vtt")
        for file_name, (content, content_type) in files.items():
            path = await upload(admin, "lesson-attachments", file_name, content, content_type)
            attachment = {
                "lesson_id": lesson["id"],
                "file_name": file_name,
                "file_path": path,
                "file_size": len(content),
            }
            if content_type == "text/vtt":
                attachment |= {"kind": "captions", "language": "en"}
            await admin.insert("lesson_attachments", attachment)
        await eventually(lambda: admin.rows(f"lesson_videos?lesson_id=eq.{lesson['id']}&state=eq.waiting"), _nothing)
        await eventually(lambda: admin.rows("documents?state=eq.waiting"), _nothing)
        return OnlineLesson(lesson["id"], title, name)


def _nothing(rows: list[Any]) -> bool:
    return not rows


async def watched(page: Page, lesson: OnlineLesson) -> dict[str, Any]:
    """What the server knows that whoever is signed in has watched."""
    row: dict[str, Any] = await page.evaluate(READ, lesson.lesson_id)
    return row


READ = """async (lesson) => {
    const {access_token} = JSON.parse(localStorage.getItem("callx.login"));
    const address = `/rest/v1/video_watching?lesson_id=eq.${lesson}`;
    const answer = await fetch(address, {headers: {Authorization: `Bearer ${access_token}`}});
    return (await answer.json())[0] ?? {watched_ms: 0, position_ms: 0};
}"""
