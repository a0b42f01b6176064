"""CallX on the command line: `python server.py serve` and its sisters. Everything of substance lies in a package."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from pydantic import ValidationError

from core import logs
from core.clock import SystemClock
from core.embedded_postgres import EmbeddedPostgresError
from core.errors import CallXError
from core.settings import Settings
from core.tokens import TokenIssuer
from lms.certification.signing.key_making import make_signing_key
from lms.courses.packs.importing import ImportOptions
from lms.demo_people import DEMO_PASSWORD
from voice.embedded_customer.speech_engines import SpeechEngines
from voice.synthetic_trainee.call import CallPlan, Line, make_call
from voice.synthetic_trainee.server_client import ServerSaidNo
from voice.synthetic_trainee.softphone import CallRefused
from wiring.application import create_app
from wiring.course_command import CourseExport, CourseImport
from wiring.course_command import run_export as export_course
from wiring.course_command import run_import as import_course
from wiring.doctor import examine
from wiring.people_command import PeopleImport, run_import
from wiring.rest_command import RestService, serve_rest
from wiring.seeding import seed_only
from wiring.serving import run_worker, serve
from wiring.smoke.command import SmokeTest, run_smoke
from wiring.stores import open_stores, secrets_of
from wiring.verify_command import verify_call

__all__ = ["create_app", "main"]

CALLER_PACE_WPM = 150
OPTIONS = ("host", "port", "data_dir")
"""The settings that are options of the command line too."""
DEFAULT_LINES = (
    "Good morning, you are speaking with Sam. I am so sorry, I understand how frustrating this is.",
    "I will take care of this for you. May I have your account number and your date of birth, please?",
    "Thank you. Could you tell me what happened with the payment?",
    "So you were charged twice for the same bill. It looks like the payment was processed twice by mistake.",
    "I have refunded the second charge, and the money will be back on your card within three days.",
    "I understand. I am sending you a confirmation email with a reference number right now.",
    "To sum up, I refunded the second charge today. Is there anything else I can help you with?",
    "Thank you for calling. Have a nice day. Goodbye.",
)
"""A good call with the customer of the demo's first simulation."""


def main(arguments: Sequence[str]) -> int:
    """Runs one command; the exit code: 0 for good, 1 for a bad result, 2 for what could not be done."""
    options = _parser().parse_args(arguments)
    try:
        settings = _settings(options)
        logs.configure(settings.log_level)
        return _run(options, settings)
    except ValidationError as error:
        print("\n".join(_wrong_settings(error)), file=sys.stderr)
    except (CallXError, EmbeddedPostgresError) as error:
        print(f"{error} [{error.code}]", file=sys.stderr)
    return 2


def _run(options: argparse.Namespace, settings: Settings) -> int:
    match options.command:
        case "serve":
            asyncio.run(serve(settings, demo=options.demo))
        case "worker":
            asyncio.run(run_worker(settings))
        case "migrate":
            asyncio.run(_migrate(settings))
        case "seed":
            asyncio.run(seed_only(settings, people=options.users))
        case "keys" | "signing-key":
            _keys(options, settings)
        case "course":
            return asyncio.run(_course(options, settings))
        case "rest":
            asyncio.run(serve_rest(settings, _rest_service(options)))
        case _:
            return asyncio.run(_look(options, settings))
    return 0


async def _look(options: argparse.Namespace, settings: Settings) -> int:
    """The commands whose exit code says what they have found."""
    match options.command:
        case "doctor":
            return min(await examine(settings), 1)
        case "verify-call":
            return await verify_call(settings, options.call_id)
        case "smoke":
            return await run_smoke(settings, _smoke_test(options, settings))
        case "people":
            given = PeopleImport(options.file, options.dry_run, options.skip_errors, options.result, options.actor)
            return await run_import(settings, given)
        case _:
            return await _call(options, settings)


async def _course(options: argparse.Namespace, settings: Settings) -> int:
    if options.course_command == "export":
        await export_course(settings, CourseExport(options.course, options.file))
        return 0
    how = ImportOptions(dry_run=options.dry_run, publish=options.publish, remove_missing=options.remove_missing)
    return await import_course(settings, CourseImport(options.file, how, options.actor))


def _settings(options: argparse.Namespace) -> Settings:
    given = {name: getattr(options, name, None) for name in OPTIONS}
    return Settings(**{name: value for name, value in given.items() if value is not None})


def _wrong_settings(error: ValidationError) -> list[str]:
    """A line for each, by the name that the operator gave it, and without the value: it may be a secret."""
    lines = []
    for wrong in error.errors(include_input=False, include_url=False):
        name = str(wrong["loc"][0])
        shown = name if name.isupper() else f"CALLX_{name.upper()}"
        option = f" or --{name.replace('_', '-')}" if name in OPTIONS else ""
        lines.append(f"{shown}{option} is wrong: {wrong['msg']}. See docs/settings.md.")
    return lines


async def _migrate(settings: Settings) -> None:
    async with open_stores(settings):
        print("The schema is up to date.")


def _keys(options: argparse.Namespace, settings: Settings) -> None:
    if options.command == "keys":
        _show_keys(settings, as_json=options.json)
    else:
        _make_signing_key(settings, options.file, years=options.years)


def _show_keys(settings: Settings, *, as_json: bool) -> None:
    issuer = TokenIssuer(secrets_of(settings), SystemClock())
    keys = {"anon_key": issuer.api_key("anon"), "service_key": issuer.api_key("service_role")}
    print(json.dumps(keys) if as_json else "\n".join(f"{name}: {key}" for name, key in keys.items()))


def _make_signing_key(settings: Settings, file: Path, *, years: int) -> None:
    given = settings.certificate_signing_passphrase
    passphrase = given.get_secret_value() if given else ""
    make_signing_key(file, settings.certificate_issuer, passphrase, SystemClock().now(), years=years)
    print(f"{file} signs for {settings.certificate_issuer}. Set CALLX_CERTIFICATE_SIGNING_KEY to it, and keep it.")


async def _call(options: argparse.Namespace, settings: Settings) -> int:
    plan = CallPlan(
        url=options.url or f"http://127.0.0.1:{settings.port}",
        email=options.email,
        password=options.password,
        simulation=options.simulation,
        mode=options.mode,
        lines=options.lines or [Line(text=text) for text in DEFAULT_LINES],
    )
    engines = SpeechEngines(workers=1, cache_dir=settings.data_dir / "speech")
    await engines.start()
    try:
        passed = await make_call(plan, lambda text: engines.speak(text, "male", CALLER_PACE_WPM), _show)
    except (ServerSaidNo, CallRefused, OSError, TimeoutError) as error:
        print(f"The call could not be made: {error}", file=sys.stderr)
        return 2
    finally:
        await engines.close()
    return 0 if passed else 1


def _rest_service(options: argparse.Namespace) -> RestService:
    names = {field.name for field in fields(RestService)}
    return RestService(**{name: value for name, value in vars(options).items() if name in names and value is not None})


def _smoke_test(options: argparse.Namespace, settings: Settings) -> SmokeTest:
    url = options.url or settings.public_url or f"http://127.0.0.1:{settings.port}"
    known = settings.smoke_password.get_secret_value() if settings.smoke_password else None
    return SmokeTest(url, options.email, options.password or known, options.live_call)


def _show(line: str) -> None:
    print(line, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="server.py", description="Call-center training by voice, with evidence.")
    data_dir = argparse.ArgumentParser(add_help=False)
    data_dir.add_argument("--data-dir", type=Path, help="database, recordings, secrets (default: data)")
    commands = parser.add_subparsers(dest="command", required=True)

    place = argparse.ArgumentParser(add_help=False)
    place.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    place.add_argument("--port", type=int, help="port to listen on (default: 8080; 0 takes a free one)")
    serving = commands.add_parser("serve", parents=[data_dir, place], help="run the server")
    serving.add_argument("--demo", action="store_true", help="with demo people and courses")

    commands.add_parser("worker", parents=[data_dir], help="run jobs alone")
    commands.add_parser("migrate", parents=[data_dir], help="bring the schema up to date")
    seeding = commands.add_parser("seed", parents=[data_dir], help="put in the demo courses")
    seeding.add_argument("--users", action="store_true", help="and the demo people")
    keys = commands.add_parser("keys", parents=[data_dir], help="show the API keys for supabase-js")
    keys.add_argument("--json", action="store_true")
    signing = commands.add_parser("signing-key", help="make a self-signed key that certificates are signed with")
    signing.add_argument("file", type=Path, help="PKCS#12; its passphrase is CALLX_CERTIFICATE_SIGNING_PASSPHRASE")
    signing.add_argument("--years", type=_positive, default=3, help="how long it is good (default: 3)")
    commands.add_parser("doctor", parents=[data_dir], help="look at everything a call needs")
    verifying = commands.add_parser("verify-call", parents=[data_dir], help="compare a call with its sealed log")
    verifying.add_argument("call_id", metavar="ID")
    _add_smoke(commands.add_parser("smoke", parents=[data_dir], help="walk through a running server as a trainee"))
    _add_people(commands.add_parser("people", help="import people from a CSV file"), data_dir)
    _add_course(commands.add_parser("course", help="take course packs in, and give them out"), data_dir)
    _add_rest(commands.add_parser("rest", parents=[place], help="serve a foreign database's schemas over REST"))
    _add_call(commands.add_parser("call", parents=[data_dir], help="make a call as a synthetic trainee"))
    return parser


def _add_people(people: argparse.ArgumentParser, data_dir: argparse.ArgumentParser) -> None:
    importing = people.add_subparsers(dest="people_command", required=True).add_parser(
        "import", parents=[data_dir], help="make and change people; the second time nothing changes"
    )
    importing.add_argument("file", type=Path, help="CSV with the columns email, full_name, roles, manager_email")
    importing.add_argument("--dry-run", action="store_true", help="say what would happen")
    importing.add_argument("--skip-errors", action="store_true", help="take the good rows when others are wrong")
    importing.add_argument("--result", type=Path, metavar="FILE", help="write what became of each row as CSV")
    importing.add_argument("--actor", metavar="EMAIL", help="the admin in whose name the audit log notes it")


def _add_smoke(smoking: argparse.ArgumentParser) -> None:
    smoking.add_argument("--url", help="the running server (default: CALLX_PUBLIC_URL, else http://127.0.0.1:8080)")
    smoking.add_argument("--email", help="walk as this trainee (default: as somebody made for it, and removed)")
    smoking.add_argument("--password", help="default: CALLX_SMOKE_PASSWORD, which `ps` hides")
    smoking.add_argument("--no-call", dest="live_call", action="store_false", help="make no live call")


def _add_course(course: argparse.ArgumentParser, data_dir: argparse.ArgumentParser) -> None:
    ways = course.add_subparsers(dest="course_command", required=True)
    importing = ways.add_parser("import", parents=[data_dir], help="a pack; the second time nothing changes")
    importing.add_argument("file", type=Path, help="ZIP or YAML: docs/courses.md has the format")
    importing.add_argument("--dry-run", action="store_true", help="say what would happen")
    importing.add_argument("--publish", action="store_true", help="show what is new, if nothing is wrong with it")
    importing.add_argument("--remove-missing", action="store_true", help="take out what the pack has not")
    importing.add_argument("--actor", metavar="EMAIL", help="the admin in whose name the audit log notes it")
    exporting = ways.add_parser("export", parents=[data_dir], help="write a course with its media")
    exporting.add_argument("course", help="its key, title or id")
    exporting.add_argument("file", type=Path, help="a new file: .zip, or .yaml without media")


def _add_rest(rest: argparse.ArgumentParser) -> None:
    rest.add_argument("--database-url", metavar="URL", help="its address (default: DATABASE_URL, which `ps` hides)")
    rest.add_argument(
        "--schemas", type=_names, required=True, metavar="A,B", help="what is exposed; the first is meant"
    )
    rest.add_argument("--anon-role", metavar="ROLE", help="the role of requests without a token (default: refused)")
    rest.add_argument("--roles", type=_names, metavar="A,B", help="the only roles that a token may name")
    rest.add_argument("--jwt-secret-file", type=Path, metavar="FILE", help="default: CALLX_REST_JWT_SECRET")
    rest.add_argument("--jwt-audience", metavar="NAME", help="whom tokens must be meant for (default: anybody)")
    rest.add_argument("--functions", type=_names, metavar="F,G", help="what may be called (default: what a role may)")
    rest.add_argument("--max-rows", type=_positive, metavar="N", help="most rows of a read's level (default: 1000)")
    rest.add_argument("--statement-timeout-ms", type=_positive, metavar="MS", help="default: 8000")
    rest.add_argument(
        "--extra-search-path",
        type=_names,
        metavar="A,B",
        help="where operators lie that are not exposed (default: public)",
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return number


def _add_call(calling: argparse.ArgumentParser) -> None:
    calling.add_argument("--url", help="the running server (default: http://127.0.0.1:8080)")
    calling.add_argument("--email", default="trainee@callx.example")
    calling.add_argument("--password", default=DEMO_PASSWORD)
    calling.add_argument("--simulation", metavar="TITLE", help="part of the simulation's title (default: the first)")
    calling.add_argument("--mode", choices=("practice", "exam"), default="practice")
    calling.add_argument(
        "--say", dest="lines", action="append", type=lambda text: Line(text=text), help="a line to speak; repeat it"
    )
    calling.add_argument(
        "--wav", dest="lines", action="append", type=lambda path: Line(wav=Path(path)), help="a WAV file to speak"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
