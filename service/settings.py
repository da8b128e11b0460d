"""Every setting of an installation, in one table:
environment variables `LOA_…`, each with its help.

Secrets may also be given as `LOA_…_FILE`, the path of a file that holds them. What is not known or
cannot be read fails at start, by name: a mistyped setting must never be quietly ignored.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints
from urllib.parse import urlsplit

EVERY_NETWORK = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
POSTGRES = "postgres://"
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
MOST_PROXIES = 9
SECRETS = frozenset(
    ("database_url", "files_secret", "broker_url", "secret_key", "smtp_url")
)


class SettingsError(ValueError):
    """A setting is unknown or cannot be read; the message names it and says what it may be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The typed table. Paths are relative to the working directory."""

    home: Annotated[Path, "folder for everything Loa makes"] = Path("var")
    host: Annotated[str, "address to listen at; 0.0.0.0 for every network"] = (
        "127.0.0.1"
    )
    port: Annotated[int, "port to listen at"] = 8000
    public_url: Annotated[str, "address people use; default http://HOST:PORT"] = ""
    name: Annotated[str, "name of the installation, on every page"] = "Loa"
    owner_email: Annotated[str, "e-mail of who answers for the feeds"] = ""
    websub_hub: Annotated[
        str, "WebSub hub that is told of news, as in https://pubsubhubbub.appspot.com/"
    ] = ""
    moved_to: Annotated[
        str, "address this installation moves to: feeds name it as their new one"
    ] = ""
    smtp_url: Annotated[
        str,
        "mail server for notices, smtp://user:password@host:587 or smtps://host:465",
    ] = ""
    mail_from: Annotated[str, "sender of notices; default: OWNER_EMAIL"] = ""
    database_url: Annotated[
        str, "postgresql://user:password@host/name; default: SQLite in HOME"
    ] = ""
    files_url: Annotated[
        str, "folder, or s3://bucket/prefix?endpoint=https://host; default HOME/files"
    ] = ""
    files_key_id: Annotated[str, "access key of the bucket"] = ""
    files_secret: Annotated[str, "secret of the bucket"] = ""
    media_url: Annotated[
        str,
        "CDN or public address of the bucket that listeners are sent to for sound;"
        " default: Loa sends it (docs/operations.md)",
    ] = ""
    broker_url: Annotated[
        str, "redis://host:6379/0 for Celery workers; default: threads"
    ] = ""
    voices: Annotated[
        str,
        "voices in order of preference, as in gtts:vi,espeak:vi;"
        " default: those that `loa voices add` brought, then espeak:vi",
    ] = ""
    voice_catalogue: Annotated[
        str, "catalogue of voices that can be added (TOML); default: Loa's own"
    ] = ""
    voice_mirror: Annotated[
        str,
        "address of a folder with the voices' files, in place of where they come from",
    ] = ""
    urgent_voice: Annotated[
        str, "voice of warnings; one of this machine, so that they need no network"
    ] = "espeak:vi"
    piper_voices: Annotated[
        str,
        "voice files for piper (.onnx, with .onnx.json beside each), between commas",
    ] = ""
    warning_alone: Annotated[
        int,
        "stations that one person may warn alone; for more two approve, or one who gives"
        " the password again; 0: any number",
    ] = 20
    lanes: Annotated[
        int, "slow jobs at once in one process; 0 for one per processor"
    ] = 0
    recording_mb: Annotated[int, "largest recording that may be sent, in megabytes"] = (
        200
    )
    recording_minutes: Annotated[int, "longest recording that may be sent"] = 45
    chime_seconds: Annotated[
        int, "longest chime of a station's own; its bed may be twenty times longer"
    ] = 30
    published_clips_days: Annotated[
        int, "days an episode keeps its clips once published, at least 31; 0: for ever"
    ] = 0
    lease_seconds: Annotated[int, "how long a silent worker keeps its job"] = 10
    samples: Annotated[bool, "load the sample commune into an empty newsroom"] = True
    secret_key: Annotated[
        str, "key that signs sessions; default: one made for this installation"
    ] = ""
    second_factor: Annotated[
        bool,
        "whether everybody who approves or administers must have a second factor;"
        " groups of stations may ask it for themselves",
    ] = False
    trusted_proxies: Annotated[
        int, "proxies in front whose X-Forwarded headers hold"
    ] = 0
    network_calls_per_minute: Annotated[
        int, "calls a minute to a voice over a network, all workers together"
    ] = 120
    network_burst: Annotated[
        int, "of these at once after a rest; what a far end bears nobody tells: a guess"
    ] = 20
    gtts_url: Annotated[
        str, "address that stands in for Google's, as tests and mirrors do"
    ] = ""
    lan_allow: Annotated[
        str,
        "hosts and networks of the own LAN that may be called (webhooks, imported pages, the hub), "
        "between commas, as in 192.168.1.0/24,hook.xa.lan; default: none",
    ] = ""
    log_level: Annotated[str, "DEBUG, INFO, WARNING or ERROR"] = "INFO"

    @property
    def address(self) -> str:
        """What people type, without a slash at its end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = "127.0.0.1" if self.host in EVERY_NETWORK else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def unreachable(self) -> bool:
        """Whether others may connect, but every address that we write leads them to their own
        machine.
        """
        return self.host in EVERY_NETWORK and not self.public_url

    @property
    def database(self) -> str:
        """The database's address."""
        if self.database_url.startswith(POSTGRES):  # as many hosts still write it
            return self.database_url.replace(POSTGRES, "postgresql://", 1)
        return (
            self.database_url
            or f"sqlite:///{(self.home / 'loa.db').resolve().as_posix()}"
        )

    @property
    def files(self) -> str:
        """The object store's address."""
        return self.files_url or str((self.home / "files").resolve())

    @property
    def has_open_copies(self) -> bool:
        """Whether public sounds are copied to where everybody reads them: only a bucket has a public
        address, and before a folder a CDN fetches from the web.
        """
        return bool(self.media_url) and self.files.startswith("s3://")


def load(environment: Mapping[str, str]) -> Settings:
    """The settings in an environment; SettingsError names the one at fault."""
    values: dict[str, Any] = {}
    for variable, text in environment.items():
        if not variable.startswith("LOA_"):
            continue
        name = variable.removeprefix("LOA_").lower()
        if name.removesuffix("_file") in SECRETS and name.endswith("_file"):
            name = name.removesuffix("_file")
            if f"LOA_{name.upper()}" in environment:
                raise SettingsError(
                    f"{variable} and LOA_{name.upper()} are both set; keep one"
                )
            text = _secret(variable, text)
        if name not in KINDS:
            raise SettingsError(
                f"{variable} is no setting of Loa; `loa settings` lists them"
            )
        values[name] = _typed(variable, KINDS[name][0], text)
    found = Settings(**values)
    for name, rule in RULES.items():
        if complaint := rule(getattr(found, name)):
            raise SettingsError(f"LOA_{name.upper()} {complaint}")
    return found


def table() -> list[tuple[str, str, str]]:
    """Name, default and help of every setting, for people."""
    return [
        (
            f"LOA_{entry.name.upper()}"
            + (" (or _FILE)" if entry.name in SECRETS else ""),
            str(entry.default),
            KINDS[entry.name][1],
        )
        for entry in fields(Settings)
    ]


def _refuse_home(home: Path) -> str | None:
    bad = next((sign for sign in "?#%" if sign in str(home)), None)
    return (
        f"holds {bad!r}, which has a meaning of its own in addresses" if bad else None
    )


def _refuse_port(port: int) -> str | None:
    return None if 1 <= port <= 65535 else f"is from 1 to 65535, not {port}"


def _refuse_name(name: str) -> str | None:
    return None if name.strip() else "is empty; every page shows it"


def _refuse_level(level: str) -> str | None:
    return (
        None
        if level.upper() in LEVELS
        else f"is one of {', '.join(LEVELS)}, not {level!r}"
    )


def _refuse_proxies(count: int) -> str | None:
    return None if count <= MOST_PROXIES else f"is at most {MOST_PROXIES}, not {count}"


def _refuse_site(address: str) -> str | None:
    """An address of a whole site: its pages stand at its root."""
    if complaint := _refuse_address(address):
        return complaint
    parts = urlsplit(address)
    if parts.path.strip("/") or parts.query or parts.fragment:
        return f"has no path: {address!r} cannot be served; give Loa a host name of its own"
    return None


def _refuse_address(address: str) -> str | None:
    if not address:
        return None
    try:
        parts = urlsplit(address)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if (
        not whole
        or any(sign.isspace() for sign in address)
        or parts.username is not None
    ):
        return f"is an address such as https://loa.xa.example, not {address!r}"
    return None


def _refuse_database(address: str) -> str | None:
    kinds = ("sqlite://", "postgresql://", "postgresql+psycopg://", POSTGRES)
    if not address or address.startswith(kinds):
        return None
    return "begins with postgresql:// or sqlite://"


def _refuse_broker(address: str) -> str | None:
    kinds = ("redis://", "rediss://", "unix://")
    return None if not address or address.startswith(kinds) else "begins with redis://"


def _refuse_mail_server(address: str) -> str | None:
    kinds = ("smtp://", "smtps://")
    return (
        None
        if not address or address.startswith(kinds)
        else "begins with smtp:// or smtps://"
    )


# What is said of a value that cannot work; None for one that can. Secrets are never repeated.
RULES: dict[str, Callable[[Any], str | None]] = {
    "home": _refuse_home,
    "port": _refuse_port,
    "name": _refuse_name,
    "public_url": _refuse_site,
    "moved_to": _refuse_site,
    "websub_hub": _refuse_address,
    "gtts_url": _refuse_address,
    "media_url": _refuse_address,
    "database_url": _refuse_database,
    "broker_url": _refuse_broker,
    "smtp_url": _refuse_mail_server,
    "trusted_proxies": _refuse_proxies,
    "log_level": _refuse_level,
}
KINDS: dict[str, tuple[type, str]] = {
    name: get_args(hint)
    for name, hint in get_type_hints(Settings, include_extras=True).items()
}


def _secret(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{variable}: {path} cannot be read: {error}") from error


def _typed(name: str, kind: Any, text: str) -> Any:
    if kind is int:
        try:
            number = int(text)
        except ValueError:
            raise SettingsError(f"{name} is a whole number, not {text!r}") from None
        if number < 0:
            raise SettingsError(f"{name} cannot be negative")
        return number
    if kind is bool:
        if text.lower() not in ("0", "1", "no", "yes", "false", "true"):
            raise SettingsError(f"{name} is yes or no, not {text!r}")
        return text.lower() in ("1", "yes", "true")
    return Path(text) if kind is Path else text
