"""Customers of typed calls and judges: a language model where one is set, else what needs none."""

from collections.abc import AsyncIterator

from aiohttp import web
from pydantic import SecretStr

import evaluation.requested.function
import voice.typed_calls.function
from core.chat_model import ChatEndpoint, ChatModel, PriceList
from core.clock import Clock
from core.model_usage import UsageBook
from core.settings import Settings
from evaluation.jobs import Evaluator
from evaluation.judgement import Judge
from evaluation.judges import ModelElseRules
from evaluation.local_judge.judge import LocalJudge
from evaluation.openai_judge.judge import OpenAIJudge
from evaluation.requested.desk import RequestedEvaluations
from evaluation.requested.function import REQUESTED_EVALUATIONS
from evaluation.requested.unverified import UnverifiedReports
from voice.keys import SWITCHBOARD
from voice.typed_calls.chat_customer import ChatCustomer
from voice.typed_calls.customers import TypedCustomer
from voice.typed_calls.desk import TypedCalls
from voice.typed_calls.function import TYPED_CALLS
from voice.typed_calls.limits import TypedCallLimits
from voice.typed_calls.offline_customer import OfflineCustomer
from wiring.stores import Stores

OPENAI_URL = "https://api.openai.com/v1"


def add_functions(app: web.Application, settings: Settings, stores: Stores, clock: Clock) -> None:
    """Enters `ai-call-simulation` and `evaluate-simulation`; expects the switchboard on the application."""
    chat, judging = chat_model(settings), judge_model(settings)
    app[TYPED_CALLS] = calls = _typed_calls(settings, stores, clock, chat)
    judge = _judge(settings, stores, clock, judging)
    app[REQUESTED_EVALUATIONS] = RequestedEvaluations(
        stores.database,
        Evaluator(stores.database, judge, clock),
        UnverifiedReports(stores.database, judge, clock),
        {"typed": calls.hang_up, "spoken": app[SWITCHBOARD].hang_up},
    )
    voice.typed_calls.function.add_functions(app)
    evaluation.requested.function.add_functions(app)

    async def models(_app: web.Application) -> AsyncIterator[None]:
        yield
        for model in (chat, judging):
            if model is not None:
                await model.close()

    app.cleanup_ctx.append(models)


def typed_calls(settings: Settings, stores: Stores, clock: Clock) -> TypedCalls:
    """The typed calls, for jobs."""
    return _typed_calls(settings, stores, clock, chat_model(settings))


def judge(settings: Settings, stores: Stores, clock: Clock) -> Judge:
    """Who judges calls."""
    return _judge(settings, stores, clock, judge_model(settings))


def _typed_calls(settings: Settings, stores: Stores, clock: Clock, chat: ChatModel | None) -> TypedCalls:
    customer: TypedCustomer = ChatCustomer(chat) if chat else OfflineCustomer()
    limits = TypedCallLimits(
        max_ms=settings.typed_call_max_ms,
        idle_ms=settings.typed_call_idle_ms,
        messages=settings.typed_call_messages,
        per_person_per_hour=settings.calls_per_person_per_hour,
        minutes_per_person_per_day=settings.call_minutes_per_person_per_day,
        tokens_per_person_per_day=settings.chat_tokens_per_person_per_day,
    )
    return TypedCalls(stores.database, customer, clock, limits, _book(settings))


def _judge(settings: Settings, stores: Stores, clock: Clock, model: ChatModel | None) -> Judge:
    if model is None:
        return LocalJudge()
    return ModelElseRules(
        stores.database,
        OpenAIJudge(model, total_s=settings.judge_timeout_ms / 1_000),
        _book(settings),
        clock,
        settings.judge_tokens_per_person_per_day,
    )


def chat_model(settings: Settings) -> ChatModel | None:
    """The model that plays customers of typed calls, if one is set."""
    return _model(settings, settings.chat_url, settings.chat_api_key, settings.chat_model, total_s=25)


def judge_model(settings: Settings) -> ChatModel | None:
    """The model that judges, if one is set."""
    total_s = settings.judge_timeout_ms / 1_000
    return _model(settings, settings.judge_url, settings.judge_api_key, settings.judge_model, total_s=total_s)


def _model(
    settings: Settings, url: str | None, key: SecretStr | None, name: str, *, total_s: float
) -> ChatModel | None:
    key = key or settings.openai_api_key
    if url is None and settings.openai_api_key is None:
        return None
    secret = key.get_secret_value() if key else ""
    return ChatModel(ChatEndpoint(url or OPENAI_URL, secret, name, request_s=total_s * 0.8, total_s=total_s))


def _book(settings: Settings) -> UsageBook:
    return UsageBook(PriceList(settings.model_prices))
