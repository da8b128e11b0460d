"""One made-up addition for each row of README's table: the text that goes in, and the one file it
goes into.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Addition:
    """What is written for the row that begins with `to`: into `file`, tried by the test of that
    name.
    """

    to: str
    file: str
    change: Callable[[str], str]
    test: str


def line(text: str) -> Callable[[str], str]:
    """One more line at the end, as of a table."""
    return lambda old: old.rstrip("\n") + f"\n{text}\n"


def before(*pairs: tuple[str, str]) -> Callable[[str], str]:
    """Each text, put before the only place where another begins."""

    def change(old: str) -> str:
        for place, text in pairs:
            assert old.count(place) == 1, place
            old = old.replace(place, text + place)
        return old

    return change


def instead(place: str, text: str) -> Callable[[str], str]:
    """A text in place of the only one of its kind."""

    def change(old: str) -> str:
        assert old.count(place) == 1, place
        return old.replace(place, text)

    return change


BEEP = '''"""A voice that beeps."""

from audio.engines.tone import Tone


class Beep(Tone):
    """One more engine."""

    name = "beep"
'''
PIGEON = '''"""Pigeons: a message is a file in a loft."""

from pathlib import Path


class Pigeon:
    """One more channel."""

    form = "a pigeon's loft"
    form_vi = "chuồng bồ câu"
    one_server = False

    def takes(self, address):
        return address.startswith("pigeon:")

    def checked(self, address, guard):
        return address

    def lacks(self, means):
        return ""

    def tell(self, tellings, means):
        for message, address in tellings:
            Path(address.removeprefix("pigeon:")).write_text(f"{message.title} {message.link}")
            yield ""

    def shown(self, address):
        return address
'''
RINGTONE = """        Recipe(
            "ringtone",
            "nhạc chuông",
            "ringtone.mp3",
            "-ringtone.mp3",
            "audio/mpeg",
            rate=44_100,
            frame=1152,
            delay=mp3.ENCODER_DELAY + mp3.DECODER_DELAY,
            encoder=("-c:a", "libmp3lame", "-b:a", "64k", "-reservoir", "0", "-f", "mp3"),
            chain=Chain(target_lufs=-18.0, ceiling_db=-2.0, bands=TURNED),
            effort=3.0,
            encoder_db=-0.45,
        ),
"""
CALL = """    @call("GET", "/bell", responses={200: StationsOut}, summary="Ring")
    @allowed(Role.EDITOR)
    def get_bell(self) -> Response:
        return jsonify(["keng"])

"""
TABLES = "service/vietnamese/tables"

ADDITIONS = (
    Addition(
        "say an abbreviation right",
        f"{TABLES}/abbreviations.tsv",
        line("BKXQ\tban khuyến xướng quê\t\t\tBKXQ xã\tban khuyến xướng quê xã"),
        "test_an_abbreviation_is_said",
    ),
    Addition(
        "drop another portal's furniture",
        "service/intake/page/furniture.tsv",
        line(
            "menu\tline\tvòng quay may mắn số \\d+\tVòng quay may mắn số 9\tVòng quay xã"
        ),
        "test_furniture_is_left_out",
    ),
    Addition(
        "add a voice",
        "audio/engines/beep.py",
        lambda old: old + BEEP,
        "test_an_episode_is_read_by_the_engine",
    ),
    Addition(
        "add a kind of master",
        "audio/recipes.py",
        before(('        Recipe(\n            "speaker",', RINGTONE)),
        "test_the_master_is_published_and_offered",
    ),
    Addition(
        "add a kind of source",
        "service/intake/listings/kinds.py",
        before(
            (
                '        Kind("sitemap"',
                '        Kind("mirror", "Bản sao", feed.read),\n',
            )
        ),
        "test_news_comes_in_by_the_kind_of_source",
    ),
    Addition(
        "tell people on duty another way",
        "service/channels/pigeon.py",
        lambda old: old + PIGEON,
        "test_a_notice_leaves_through_the_channel",
    ),
    Addition(
        "add a role",
        "service/newsroom/values/roles.py",
        before(
            ('    APPROVER = "approver"\n', '    READER = "reader"\n'),
            (
                "    # What they do goes on the air.\n",
                '    Role.READER: RoleRow("phát thanh viên", (Role.OPERATOR,), timedelta(hours=2)),\n',
            ),
        ),
        "test_a_login_with_the_role_may_do_just_that",
    ),
    Addition(
        "add a rung of the ladder",
        "service/newsroom/values/rungs.py",
        before(
            ('    BED = "bed"\n', '    LATEST = "latest"\n'),
            (
                "    Rung.BED: RungRow(\n",
                '    Rung.LATEST: RungRow(\n        "tin mới nhất",\n        "Phát các tin mới nhất.",\n'
                '        "moi-nhat-",\n        lambda hour: Filling(hour.stock()),\n    ),\n',
            ),
        ),
        "test_the_rung_stands_at_the_slot_s_address",
    ),
    Addition(
        "change a page",
        "templates/player/home.html",
        line("{# one more line #}"),
        "test_the_page_is_shown",
    ),
    Addition(
        "add a setting",
        "service/settings.py",
        before(
            (
                '    log_level: Annotated[str, "DEBUG',
                '    bell: Annotated[int, "how often the bell rings"] = 1\n',
            )
        ),
        "test_the_setting_is_read_and_listed",
    ),
    Addition(
        "say when and what a slot broadcasts",
        "service/actions/planning.py",
        instead('"không đủ thời lượng"', '"hết chỗ trong khung giờ"'),
        "test_what_is_left_out_says_so",
    ),
    Addition(
        "explain why an episode is held",
        "service/newsroom/errors.py",
        before(
            ('    MASTERING = "mastering"\n', '    BELL = "bell"\n'),
            (
                "    Held.MASTERING: (\n",
                '    Held.BELL: ("Chuông hỏng.", "Gọi thợ đến sửa chuông."),\n',
            ),
        ),
        "test_the_desk_says_why_it_is_held",
    ),
    Addition(
        "add a call to the API",
        "service/web/api/stations.py",
        before(('    @call("GET", "/stations", responses', CALL)),
        "test_the_call_answers",
    ),
)


def make(house: Path) -> None:
    """Makes all additions in a copy of the house."""
    for addition in ADDITIONS:
        file = house / addition.file
        old = file.read_text(encoding="utf-8") if file.exists() else ""
        file.write_text(addition.change(old), encoding="utf-8")
