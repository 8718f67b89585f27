"""config.yaml + environment secrets -> Config. The only reader of either."""

import os
from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import Field, SecretStr, ValidationError

from analysis.settings import AnalysisSettings
from feedback.errors import ConfigError
from feedback.settings import FeedbackSettings
from surveys.settings import Organisation, PrivacySettings, Settings, Site, SurveysSettings

DEFAULT_FILE = Path("config.yaml")
DEFAULT_DATABASE_URL = "sqlite:///var/koebako.db"
SHORTEST_SECRET = 16


class Config(Settings):
    """Everything that can be set. Secrets come from the environment, never from the file."""

    organisation: Organisation = Organisation()
    site: Site = Site()
    surveys: SurveysSettings = SurveysSettings()
    analysis: AnalysisSettings = AnalysisSettings()
    feedback: FeedbackSettings = FeedbackSettings()
    privacy: PrivacySettings = PrivacySettings()
    database_url: str = Field(default=DEFAULT_DATABASE_URL, exclude=True)
    secret_key: SecretStr | None = Field(default=None, exclude=True)
    redis_url: SecretStr = Field(default=SecretStr(""), exclude=True)
    contact_keys: tuple[SecretStr, ...] = Field(default=(), exclude=True)
    demo: bool = Field(default=False, exclude=True)


_FROM_ENVIRONMENT = {"database_url", "secret_key", "redis_url", "contact_keys", "demo"}


def load_config(file: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """Read the configuration: `file`, else KOEBAKO_CONFIG, else ./config.yaml, else the defaults.

    Errors: `ConfigError` names the file and every wrong key.
    """
    path = file or (Path(environ["KOEBAKO_CONFIG"]) if environ.get("KOEBAKO_CONFIG") else None)
    values = _read(path) if path else (_read(DEFAULT_FILE) if DEFAULT_FILE.exists() else {})
    source = path or DEFAULT_FILE
    for key in sorted(_FROM_ENVIRONMENT & values.keys()):
        raise ConfigError(f"{source}: {key}: unknown key (it is set in the environment, see docs/operating.md)")
    if environ.get("KOEBAKO_DATABASE_URL"):
        values["database_url"] = environ["KOEBAKO_DATABASE_URL"]
    if environ.get("KOEBAKO_SECRET_KEY"):
        values["secret_key"] = environ["KOEBAKO_SECRET_KEY"]
    if environ.get("KOEBAKO_REDIS_URL"):
        values["redis_url"] = environ["KOEBAKO_REDIS_URL"]
    if environ.get("KOEBAKO_CONTACT_KEYS"):
        values["contact_keys"] = [key.strip() for key in environ["KOEBAKO_CONTACT_KEYS"].split(",") if key.strip()]
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        raise ConfigError(_explain(source, error)) from error


def check_secret_key(config: Config) -> str:
    """Return the secret key. Error: `ConfigError` when it is missing or too short, with what to do."""
    key = config.secret_key.get_secret_value() if config.secret_key else ""
    if len(key) < SHORTEST_SECRET:
        raise ConfigError(
            f"KOEBAKO_SECRET_KEY is missing or shorter than {SHORTEST_SECRET} characters; make one with: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
        )
    return key


def _read(path: Path) -> dict[str, object]:
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a day such as 2025-02-30
        raise ConfigError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise ConfigError(f"{path}: must hold keys and values, not {type(values).__name__}")
    return values


def _explain(path: Path, error: ValidationError) -> str:
    return "; ".join(
        f"{path}: {'.'.join(str(part) for part in fault['loc'])}: "
        + ("unknown key" if fault["type"] == "extra_forbidden" else fault["msg"].removeprefix("Value error, "))
        for fault in error.errors()
    )
