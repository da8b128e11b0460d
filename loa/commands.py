"""The commands of `loa`, in the order its help lists them."""

from collections.abc import Callable

import typer

from loa import (
    articles,
    benching,
    downloads,
    hooks,
    people,
    preview,
    serving,
    sources,
    terms,
    upkeep,
    voice_choices,
    voices,
)

app = typer.Typer(
    name="loa",
    help="Loa reads the news of Vietnamese communes aloud.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # Plain help: typer's frames and colours take longer to import than all that `loa say` does.
    rich_markup_mode=None,
)
user_app = typer.Typer(help="Logins of the desk.", no_args_is_help=True)
key_app = typer.Typer(help="Keys of programs that use the API.", no_args_is_help=True)
app.add_typer(user_app, name="user")
terms_app = typer.Typer(help="What editors taught the reading.", no_args_is_help=True)
app.add_typer(key_app, name="key")
app.add_typer(terms_app, name="terms")
source_app = typer.Typer(
    help="Portals that news is fetched from.", no_args_is_help=True
)
app.add_typer(source_app, name="source")
hook_app = typer.Typer(
    help="Programs that are told, portals that push.", no_args_is_help=True
)
app.add_typer(hook_app, name="hook")
downloads_app = typer.Typer(help="How many listened.", no_args_is_help=True)
app.add_typer(downloads_app, name="downloads")
# Without a command of its own: the list.
voices_app = typer.Typer(callback=voices.voices, invoke_without_command=True)
app.add_typer(voices_app, name="voices")

COMMANDS: dict[str, Callable[..., None]] = {
    "serve": serving.serve,
    "web": serving.web,
    "worker": serving.worker,
    "clock": serving.clock,
    "samples": serving.samples,
    "read": articles.read,
    "say": articles.say,
    "import": articles.import_,
    "preview": preview.preview,
    "migrate": upkeep.migrate,
    "settings": upkeep.show_settings,
    "doctor": upkeep.doctor,
    "alive": upkeep.alive,
    "verify": upkeep.verify,
    "backup": upkeep.backup,
    "restore": upkeep.restore,
    "bench": benching.bench,
}

USER_COMMANDS: dict[str, Callable[..., None]] = {
    "list": people.user_list,
    "add": people.user_add,
    "password": people.user_password,
    "grant": people.user_grant,
    "role": people.user_role,
    "lock": people.user_lock,
    "unlock": people.user_unlock,
    "factor-off": people.user_factor_off,
    "passkeys": people.user_passkeys,
    "passkey-off": people.user_passkey_off,
}
KEY_COMMANDS: dict[str, Callable[..., None]] = {
    "list": people.key_list,
    "add": people.key_add,
    "revoke": people.key_revoke,
}

TERMS_COMMANDS: dict[str, Callable[..., None]] = {"suggest": terms.suggest}
SOURCE_COMMANDS: dict[str, Callable[..., None]] = {
    "add": sources.source_add,
    "list": sources.source_list,
    "try": sources.source_try,
    "remove": sources.source_remove,
}
VOICES_COMMANDS: dict[str, Callable[..., None]] = {
    "list": voices.voices_list,
    "add": voices.voices_add,
    "remove": voices.voices_remove,
    "test": voices.voices_test,
    "choose": voice_choices.voices_choose,
    "chosen": voice_choices.voices_chosen,
}
DOWNLOADS_COMMANDS: dict[str, Callable[..., None]] = {"read": downloads.downloads_read}

HOOK_COMMANDS: dict[str, Callable[..., None]] = {
    "add": hooks.hook_add,
    "list": hooks.hook_list,
    "test": hooks.hook_test,
    "remove": hooks.hook_remove,
    "push": hooks.hook_push,
}

GROUPS = (
    (app, COMMANDS),
    (user_app, USER_COMMANDS),
    (key_app, KEY_COMMANDS),
    (terms_app, TERMS_COMMANDS),
    (source_app, SOURCE_COMMANDS),
    (hook_app, HOOK_COMMANDS),
    (voices_app, VOICES_COMMANDS),
    (downloads_app, DOWNLOADS_COMMANDS),
)
for group, commands in GROUPS:
    for name, command in commands.items():
        group.command(name)(command)
