"""Functions that only tests have: a reader, a printer, and whatever can go wrong."""

import asyncio
from typing import Literal
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, Field, field_validator

from core.errors import Conflict
from core.functions import ANYBODY, FUNCTIONS, SERVICE_ONLY, FileAnswer, FunctionCall, Functions
from core.rate_limits import Rate

PDF = b"%PDF-1.4\n\xff\xfe not a real page\n%%EOF\n"
SELDOM = Rate("sample-seldom", burst=2, refill_ms=60_000)


class ProductsWanted(BaseModel):
    """Which products."""

    title: str | None = Field(None, max_length=100, description="Only those whose title holds this.")
    limit: int = Field(5, ge=1, le=10)
    ids: list[UUID] = Field(default_factory=list, max_length=20)


class Product(BaseModel):
    """One product."""

    id: UUID
    title: str


class Products(BaseModel):
    """The products that the caller sees."""

    products: list[Product]


async def find_products(call: FunctionCall, wanted: ProductsWanted) -> Products:
    """Products of whoever asks.

    As many as `limit` says.
    """
    async with call.acting(read_only=True) as tx:
        rows = await tx.fetch(
            """select id, title from public.products
                where ($1::text is null or strpos(title, $1) > 0) and (cardinality($2::uuid[]) = 0 or id = any($2))
                order by title limit $3""",
            wanted.title,
            wanted.ids,
            wanted.limit,
        )
    return Products(products=[Product(**row) for row in rows])


class PageWanted(BaseModel):
    """What to print."""

    text: str = Field(min_length=1)
    paper: Literal["a4", "letter"] = "a4"

    @field_validator("text")
    @classmethod
    def _no_shouting(cls, text: str) -> str:
        if text.isupper():
            raise ValueError("Do not shout.")
        return text


class Refusal(BaseModel):
    """Why nothing was printed."""

    reason: str


async def print_page(call: FunctionCall, wanted: PageWanted) -> Refusal | FileAnswer:
    """A page as a PDF, or why there is none."""
    if wanted.text == "jam":
        return Refusal(reason="The printer is jammed.")
    return FileAnswer(PDF, "application/pdf", f"Grüße {wanted.text}.pdf")


class Nothing(BaseModel):
    """No parameters."""


class Fault(BaseModel):
    """What goes wrong."""

    kind: Literal["known", "unknown", "inner_timeout", "wrong_answer", "wrong_file"] = "unknown"


async def fail(call: FunctionCall, wanted: Fault) -> Refusal | FileAnswer:
    """Fails as it is told."""
    match wanted.kind:
        case "known":
            raise Conflict("It is taken.", code="taken")
        case "inner_timeout":
            raise TimeoutError
        case "wrong_answer":
            return "no refusal"  # type: ignore[return-value]
        case "wrong_file":
            return FileAnswer(b"<script>", "text/html", "page.html")
        case _:
            raise RuntimeError("the inside")


async def wait(call: FunctionCall, wanted: Nothing) -> Nothing:
    """Waits for ever."""
    await asyncio.Event().wait()
    return wanted


class Echo(BaseModel):
    """What arrived."""

    length: int
    body_type: str


async def take_text(call: FunctionCall, wanted: Nothing) -> Echo:
    """Takes text as it is."""
    return Echo(length=len(call.body), body_type=call.body_type)


async def do_nothing(call: FunctionCall, wanted: Nothing) -> Nothing:
    """Does nothing."""
    return wanted


def add_functions(app: web.Application) -> Functions:
    """Enters all of them."""
    functions = app[FUNCTIONS]
    functions.add("find-products", find_products, methods=("GET", "POST"))
    functions.add("print-page", print_page, file_types=("application/pdf",))
    functions.add("fail", fail, file_types=("application/pdf",))
    functions.add("wait", wait, timeout_s=0.05)
    functions.add("take-text", take_text, other_bodies=("text/plain",))
    functions.add("anybody", do_nothing, methods=("GET",), callers=ANYBODY, rate=SELDOM)
    functions.add("seldom", do_nothing, rate=SELDOM)
    functions.add("service", do_nothing, callers=SERVICE_ONLY)
    return functions
