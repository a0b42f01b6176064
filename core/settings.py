"""Every setting, read from the environment once; docs/settings.md describes each."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, IPvAnyNetwork, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.chat_model import Price


class Settings(BaseSettings):
    """What an operator can choose. Frozen: a running server never changes its settings."""

    model_config = SettingsConfigDict(env_prefix="CALLX_", frozen=True, extra="ignore", populate_by_name=True)

    # Where it runs
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65_535)
    data_dir: Path = Path("data")
    public_url: str | None = None
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    trusted_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = ()
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    secret: SecretStr | None = None

    # What it stands on
    database_url: SecretStr | None = Field(None, validation_alias=AliasChoices("DATABASE_URL", "database_url"))
    database_pool_size: int = Field(10, ge=2, le=200)
    storage_url: str | None = None
    run_worker: bool = True
    demo_password: SecretStr | None = None

    # The customer: OpenAI, a compatible server, or (without key and URL) the embedded one
    openai_api_key: SecretStr | None = Field(None, validation_alias=AliasChoices("OPENAI_API_KEY", "openai_api_key"))
    realtime_url: str | None = None
    realtime_api_key: SecretStr | None = None
    realtime_model: str = "gpt-realtime-2.1-mini"
    realtime_voice: str = "marin"
    transcription_model: str = "gpt-transcribe"
    embedded_customer_sessions: int = Field(16, ge=0)
    embedded_customer_key: SecretStr | None = None
    speech_workers: int = Field(2, ge=1, le=64)

    # Language models that answer in writing: customers of typed calls, and the judge
    chat_url: str | None = None
    chat_api_key: SecretStr | None = None
    chat_model: str = "gpt-5.4-mini"
    chat_tokens_per_person_per_day: int = Field(300_000, ge=0)
    judge_url: str | None = None
    judge_api_key: SecretStr | None = None
    judge_model: str = "gpt-5.4"
    judge_timeout_ms: int = Field(45_000, ge=1_000, le=80_000)
    judge_tokens_per_person_per_day: int = Field(1_000_000, ge=0)
    model_prices: dict[str, Price] = Field(default_factory=dict)

    # Trying a running server
    smoke_password: SecretStr | None = None

    # The REST wire of a foreign database, served by itself
    rest_jwt_secret: SecretStr | None = None

    # Limits of a call
    call_max_ms: int = Field(600_000, ge=10_000)
    call_answer_timeout_ms: int = Field(15_000, ge=1_000)
    call_resume_window_ms: int = Field(60_000, ge=0)
    call_idle_ms: int = Field(120_000, ge=5_000)
    calls_per_person: int = Field(1, ge=1)
    calls_per_person_per_hour: int = Field(60, ge=1)
    call_minutes_per_person_per_day: int = Field(300, ge=1)
    calls_per_server: int = Field(100, ge=1)
    call_lease_ms: int = Field(15_000, ge=2_000)
    typed_call_max_ms: int = Field(1_800_000, ge=10_000)
    typed_call_idle_ms: int = Field(600_000, ge=5_000)
    typed_call_messages: int = Field(60, ge=1)

    # Sign-in
    access_token_s: int = Field(3_600, ge=120)
    refresh_token_days: int = Field(30, ge=1)
    refresh_grace_s: int = Field(10, ge=0)
    sign_up: Literal["open", "closed"] | None = None
    confirm_email: bool = True
    reauthenticate_after_s: int = Field(900, ge=0)
    allowed_redirects: Annotated[tuple[str, ...], NoDecode] = ()

    # Courses
    course_pack_mb: int = Field(2_048, ge=1, le=100_000)

    # Certificates
    certificate_issuer: str = Field("CallX", min_length=1, max_length=200)
    certificate_page: Literal["a4", "letter"] = "a4"
    certificate_signing_key: Path | None = None
    certificate_signing_passphrase: SecretStr | None = None

    # E-mail
    resend_api_key: SecretStr | None = Field(None, validation_alias=AliasChoices("RESEND_API_KEY", "resend_api_key"))
    resend_url: str = "https://api.resend.com"
    mail_from: str = "CallX <onboarding@resend.dev>"

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("allowed_origins", "allowed_redirects", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
