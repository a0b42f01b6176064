"""Storage."""

import io
from uuid import uuid4

import pypdf
from reportlab.pdfgen.canvas import Canvas

from tests.app.checklist.conftest import Place
from tests.app.checklist.lines import proves
from tests.support.visitor import Visitor

VIDEO = bytes(number * 7 % 251 for number in range(256)) * 12_000
"""3 MB of which every piece is told from its neighbours."""


async def upload(who: Visitor, name: str, content: bytes, content_type: str) -> int:
    """The status of an upload."""
    headers = {"Content-Type": content_type}
    return (await who.ask("POST", f"/storage/v1/object/{name}", data=content, headers=headers)).status


def pdf(text: str) -> bytes:
    """A page with these words."""
    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.drawString(100, 700, text)
    canvas.save()
    return file.getvalue()


@proves("Videos upload and stream correctly")
async def videos(place: Place) -> None:
    """An admin uploads, the lesson names it, and a player asks a signed link for pieces."""
    course, admin, tess = await place.course(), await place.admin(), await place.join()
    name = f"{uuid4()}/watch.mp4"
    assert await upload(admin, f"lesson-videos/{name}", VIDEO, "video/mp4") == 200
    lesson = {"module_id": course.basics_id, "title": "Watch", "lesson_type": "video", "order_index": 9}
    await admin.insert("lessons", {**lesson, "video_url": name})
    signed = await tess.post(f"/storage/v1/object/sign/lesson-videos/{name}", {"expiresIn": 60})
    assert signed.status == 200, signed
    player = await place.nobody()
    link = f"/storage/v1{signed.data['signedURL']}"
    whole = await player.get(link)
    assert (whole.status, whole.body == VIDEO, whole.headers["Content-Type"]) == (200, True, "video/mp4")
    for first, last in ((0, 1), (1_000_000, 1_500_000), (len(VIDEO) - 10, len(VIDEO) - 1)):
        piece = await player.get(link, Range=f"bytes={first}-{last}")
        assert piece.status == 206
        assert piece.headers["Content-Range"] == f"bytes {first}-{last}/{len(VIDEO)}"
        assert piece.body == VIDEO[first : last + 1]


@proves("PDFs download correctly")
async def pdfs(place: Place) -> None:
    """An attachment is the same file for whoever sees its lesson."""
    course, admin, tess = await place.course(), await place.admin(), await place.join()
    name, content = f"{uuid4()}/terms.pdf", pdf("The terms of service")
    assert await upload(admin, f"lesson-attachments/{name}", content, "application/pdf") == 200
    attachment = {"lesson_id": course.text_lesson_id, "file_name": "Terms", "file_path": name}
    await admin.insert("lesson_attachments", {**attachment, "file_size": len(content)})
    [listed] = await tess.rows(f"lesson_attachments?lesson_id=eq.{course.text_lesson_id}")
    found = await tess.get(f"/storage/v1/object/authenticated/lesson-attachments/{listed['file_path']}")
    assert (found.status, found.headers["Content-Type"], found.body) == (200, "application/pdf", content)
    assert "terms of service" in pypdf.PdfReader(io.BytesIO(found.body)).pages[0].extract_text()


@proves("RLS policies prevent unauthorized access")
async def unauthorized_access(place: Place) -> None:
    """Without a sign-in, of what no lesson names, of others, and by links that nobody signed."""
    admin, tess, nobody = await place.admin(), await place.join(), await place.nobody()
    hidden = f"lesson-attachments/{uuid4()}/hidden.pdf"
    assert await upload(admin, hidden, pdf("Not yet"), "application/pdf") == 200
    for who in (tess, nobody):
        for address in (f"authenticated/{hidden}", hidden, f"public/{hidden}", f"sign/{hidden}?token=a.b.c"):
            assert (await who.get(f"/storage/v1/object/{address}")).status >= 400, address
        for bucket in ("lesson-videos", "lesson-attachments", "certificates"):
            assert await upload(who, f"{bucket}/mine.pdf", pdf("Mine"), "application/pdf") >= 400
        assert (await who.ask("DELETE", f"/storage/v1/object/{hidden}")).status >= 400
    assert await upload(admin, f"certificates/{admin.user_id}/forged.pdf", pdf("I am"), "application/pdf") >= 400
    assert (await admin.get(f"/storage/v1/object/authenticated/{hidden}")).status == 200
