"""A day of the Python client: argument 1 is the server, 2 its key. Prints what came back, as JSON.

It runs in a virtual environment of its own, because the client needs an older `websockets` than the server.
"""

import json
import sys
import urllib.request
from collections.abc import Callable
from typing import Any

from postgrest import APIError  # type: ignore[import-not-found]
from storage3.exceptions import StorageApiError  # type: ignore[import-not-found]
from supabase import AuthApiError, Client, FunctionsHttpError, create_client  # type: ignore[import-not-found]

URL, KEY = sys.argv[1:]
seen: dict[str, Any] = {}


def ask(name: str, request: Callable[[], Any]) -> Any:
    """Notes what came back, or how it was refused."""
    try:
        answer = request()
    except APIError as error:
        seen[name] = {"refused": [error.code, error.details]}
    except StorageApiError as error:
        seen[name] = {"refused": [error.status, error.message]}
    except FunctionsHttpError as error:
        seen[name] = {"refused": [error.status, error.message]}
    except AuthApiError as error:
        seen[name] = {"refused": [error.status, error.code]}
    else:
        seen[name] = answer
        return answer


def signed_in(who: str) -> tuple[Client, str]:
    client = create_client(URL, KEY)
    session = client.auth.sign_in_with_password({"email": f"{who}@callx.example", "password": "callx-demo"})
    return client, session.user.id


def opened(link: str) -> str:
    with urllib.request.urlopen(link) as response:
        return f"{response.headers['Content-Type']}: {response.read().decode()}"


nobody = create_client(URL, KEY)
ask("signed_out", lambda: nobody.table("products").select("*").execute().data)
ask(
    "wrong_password",
    lambda: nobody.auth.sign_in_with_password({"email": "trainee@callx.example", "password": "wrong"}).user.email,
)
tess, tess_id = signed_in("trainee")
ada, ada_id = signed_in("admin")
ask("user", lambda: tess.auth.get_user().user.email)
ask("refreshed", lambda: tess.auth.refresh_session().session.user.email)

# Reading
lessons = tess.table("lessons")
ask(
    "embeds",
    lambda: (
        tess.table("products")
        .select("title, modules(title, lessons(title))")
        .eq("title", "Inbound Service Essentials")
        .order("order_index", foreign_table="modules")
        .limit(1, foreign_table="modules")
        .single()
        .execute()
        .data["modules"][0]["title"]
    ),
)
ask(
    "inner",
    lambda: len(
        lessons.select("id, modules!inner(products!inner(title))")
        .eq("modules.products.title", "Inbound Service Essentials")
        .execute()
        .data
    ),
)
ask(
    "filters",
    lambda: [
        row["title"]
        for row in lessons.select("title")
        .in_("lesson_type", ["quiz", "text"])
        .or_('lesson_type.eq.quiz,title.ilike."%angry%"')
        .not_.ilike("title", "%refund%")
        .order("title", desc=True)
        .range(0, 0)
        .execute()
        .data
    ],
)
ask("counted", lambda: tess.table("products").select("*", count="exact", head=True).execute().count)
ask("page", lambda: tess.table("modules").select("id", count="exact").range(0, 1).execute().count)
ask("none", lambda: tess.table("certifications").select("*").maybe_single().execute())
ask("no_single", lambda: tess.table("certifications").select("*").single().execute().data)
ask("csv", lambda: tess.table("products").select("title").order("title").csv().execute().data)
ask("hidden", lambda: tess.table("quiz_answers").select("is_correct").execute().data)
ask("rpc", lambda: tess.rpc("has_role", {"_user_id": tess_id, "_role": "trainee"}).execute().data)
ask("rpc_by_get", lambda: tess.rpc("has_role", {"_user_id": tess_id, "_role": "admin"}, get=True).execute().data)

# Writing
products = ada.table("products")
made = products.insert({"title": "Python", "description": "made by a script"}).execute().data[0]
ask("inserted", lambda: (made["title"], made["created_by"] == ada_id))
ask(
    "inserted_many",
    lambda: len(
        ada.table("modules")
        .insert([{"product_id": made["id"], "title": f"Module {index}", "order_index": index} for index in (1, 2)])
        .execute()
        .data
    ),
)
ask(
    "upserted",
    lambda: (
        ada.table("modules")
        .upsert(
            {"product_id": made["id"], "title": "Module one", "order_index": 1}, on_conflict="product_id,order_index"
        )
        .execute()
        .data[0]["title"]
    ),
)
ask(
    "updated", lambda: products.update({"description": "changed"}).eq("id", made["id"]).execute().data[0]["description"]
)
ask("not_updated", lambda: tess.table("products").update({"title": "x"}).eq("id", made["id"]).execute().data)
ask("deleted", lambda: [row["title"] for row in products.delete().eq("id", made["id"]).execute().data])
ask("all_deleted", lambda: products.delete().execute().data)

# Files
files, mine = ada.storage.from_("lesson-attachments"), tess.storage.from_("lesson-attachments")
PDF = {"content-type": "application/pdf", "cache-control": "60"}
ask("uploaded", lambda: files.upload("python/a b.pdf", b"%PDF one", PDF).full_path)
ask("uploaded_again", lambda: files.upload("python/a b.pdf", b"%PDF two", PDF).full_path)
ask("replaced", lambda: files.upload("python/a b.pdf", b"%PDF two", PDF | {"upsert": "true"}).full_path)
ask("updated_file", lambda: files.update("python/a b.pdf", b"%PDF three", PDF).full_path)
ask("downloaded", lambda: files.download("python/a b.pdf").decode())
ask("not_downloaded", lambda: mine.download("python/a b.pdf").decode())
ask("not_uploaded", lambda: mine.upload("mine.pdf", b"%PDF", PDF).full_path)
ask("exists", lambda: (files.exists("python/a b.pdf"), files.exists("python/none.pdf")))
ask("info", lambda: files.info("python/a b.pdf")["size"])
link = files.create_signed_url("python/a b.pdf", 60)["signedURL"]
ask("opened", lambda: opened(link))
ask("opened_as_file", lambda: opened(files.create_signed_url("python/a b.pdf", 60, {"download": "b.pdf"})["signedURL"]))
ask("many_links", lambda: [one["error"] for one in files.create_signed_urls(["python/a b.pdf", "none.pdf"], 60)])
permit = files.create_signed_upload_url("python/guest.pdf")
ask(
    "uploaded_by_link",
    lambda: (
        nobody.storage.from_("lesson-attachments")
        .upload_to_signed_url("python/guest.pdf", permit["token"], b"%PDF guest", PDF)
        .full_path
    ),
)
ask("copied", lambda: files.copy("python/guest.pdf", "python/copy.pdf"))
ask("moved", lambda: files.move("python/copy.pdf", "python/moved.pdf"))
ask("listed", lambda: sorted(row["name"] for row in files.list("python", {"limit": 10})))
ask("listed_folders", lambda: [(row["name"], row["id"]) for row in files.list()])
ask("listed_by_a_trainee", lambda: mine.list("python"))
ask("listed_by_nobody", lambda: nobody.storage.from_("lesson-attachments").list("python"))
ask("removed", lambda: len(files.remove(["python/a b.pdf", "python/guest.pdf", "python/moved.pdf", "none.pdf"])))
ask("buckets", lambda: sorted(bucket.name for bucket in ada.storage.list_buckets()))

# Functions
product_id = products.select("id").eq("title", "Inbound Service Essentials").single().execute().data["id"]
as_json = {"responseType": "json"}
body = {"body": {"product_id": product_id}}
ask("function", lambda: tess.functions.invoke("get-user-progress", body | as_json)["total_lessons"])
ask("function_refused", lambda: tess.functions.invoke("get-team-progress", as_json))
ask("function_unknown", lambda: tess.functions.invoke("not-there", body))
ask("function_signed_out", lambda: nobody.functions.invoke("get-user-progress", body))

# The end
tess.auth.sign_out()
ada.auth.sign_out()
ask("after_sign_out", lambda: tess.table("products").select("*").execute().data)
sys.stdout.write(json.dumps(seen))
