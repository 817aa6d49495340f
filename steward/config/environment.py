"""What the environment may say: every variable Steward reads, typed and checked at start."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Literal

from psycopg.conninfo import conninfo_to_dict
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from steward.core.postgres import Server


class Environment(BaseSettings):
    """The settings of a running Steward, read from variables named STEWARD_… (and DATABASE_URL)."""

    model_config = SettingsConfigDict(env_prefix="STEWARD_", extra="ignore")

    data: Path = Field(Path("data"), description="Folder of the embedded database, attachments and the secret key.")
    database_url: str = Field(
        "", validation_alias="DATABASE_URL", description="A PostgreSQL 16+ of your own; empty starts the embedded one."
    )
    desk: Literal["", "main", "demo"] = Field(
        "", description="Which desk to serve: main or demo; empty serves the demo desk while it exists."
    )
    secret_key: str = Field("", description="Signs sessions; empty keeps a random one in the data folder.")
    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    port: int = Field(8600, ge=1, le=65535, description="Port of the web server.")
    base_url: str = Field("", description="Public address, such as https://desk.example; empty takes host and port.")
    allowed_hosts: str = Field("", description="Names the server answers to, comma separated, beside host and base address.")
    debug: bool = Field(False, description="Show stack traces in the browser; never on a server others can reach.")
    threads: int = Field(8, ge=1, le=256, description="Requests one web process answers at once.")
    max_body_mb: int = Field(26, ge=1, le=1024, description="Largest request body in MB.")
    max_file_mb: int = Field(25, ge=1, le=1000, description="Largest attachment in MB.")
    keep_picture_data: bool = Field(
        False, description="Keep what cameras write into pictures (place, time, device); as evidence, on purpose."
    )
    signup: Literal["invited", "open"] = Field(
        "invited", description="Who may make an account: invited people, or anybody as requester."
    )
    language: str = Field("en", description="Language of people who chose none.")
    time_zone: str = Field("UTC", description="Zone of people who chose none, and of the daily report.")
    email_url: str = Field("", description="Outgoing mail, such as smtp://user:password@mail.example:587; empty sends none.")
    email_from: str = Field("steward@localhost", description="Sender of outgoing mail.")
    webhook_allowed: str = Field(
        "", description="Places (host:port, comma separated) webhooks may also be sent to inside the house, without encryption too."
    )
    log_json: bool = Field(False, description="Write logs as JSON lines.")
    os_user: str = Field("", description="As root: the system user the embedded database runs as.")


def read() -> Environment:
    """Read the environment; raises `pydantic.ValidationError` naming each bad variable."""
    return Environment()


DATABASES = {"main": "steward", "demo": "steward_demo"}


def served_desk(environment: Environment) -> str:
    """Say which desk is served: the one asked for, else the demo desk while its marker stands in the data folder."""
    if environment.desk:
        return environment.desk
    return "demo" if demo_marker(environment).exists() else "main"


def demo_marker(environment: Environment) -> Path:
    """Name the file that stands while the demo desk exists."""
    return environment.data / "demo-desk"


def connection_parameters(environment: Environment, *, desk: str) -> dict[str, str]:
    """Give the libpq parameters of a desk's database, on the server named by DATABASE_URL or the embedded one."""
    if environment.database_url:
        given = {key: str(value) for key, value in conninfo_to_dict(environment.database_url).items()}
        if desk == "demo":
            given["dbname"] = f"{given.get('dbname', 'steward')}_demo"
        return given
    return Server(environment.data, os_user=environment.os_user).parameters(DATABASES[desk])


def secret_key(environment: Environment) -> str:
    """Give the key that signs sessions, kept in the data folder when none is set."""
    if environment.secret_key:
        return environment.secret_key
    file = environment.data / "secret-key"
    environment.data.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as opened:
            opened.write(secrets.token_urlsafe(48))
    return file.read_text().strip()
