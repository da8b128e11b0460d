"""Natural voices are added once, whole or not at all, whatever the line does meanwhile."""

import hashlib
import json
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from audio.catalogue import (
    CATALOGUE,
    CatalogueError,
    CutOff,
    Download,
    FetchError,
    NoRoom,
    Stick,
    VoiceShelf,
    WrongFile,
    bring,
    read_catalogue,
)
from tests.audio import tiny_voice

NAME = "vi_VN-tiny"


class Portal(ThreadingHTTPServer):
    """Serves a folder as a store of models does: ranges, redirects, and lines that break."""

    daemon_threads = True

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), Answer)
        self.folder = folder
        self.asked = []  # path and Range of each request
        # By file name: how many bytes of an answer are sent before the line breaks, one at a time
        self.cut_after = {}
        self.ranges = True
        self.moved = {}
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        name = self.path.strip("/")
        wanted = self.headers.get("Range")
        self.server.asked.append((name, wanted))
        if name in self.server.moved:
            self.send_response(302)
            self.send_header("Location", self.server.moved[name])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        path = self.server.folder / name
        if not path.is_file():
            self.send_error(404)
            return
        data = path.read_bytes()
        start = int(wanted.removeprefix("bytes=").partition("-")[0]) if wanted else 0
        if start and self.server.ranges:
            self.send_response(206)
            self.send_header(
                "Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}"
            )
            data = data[start:]
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        cuts = self.server.cut_after.get(name)
        if cuts:
            self.wfile.write(data[: cuts.pop(0)])
            self.close_connection = True
        else:
            self.wfile.write(data)

    def log_message(self, *_args):
        pass


@pytest.fixture
def portal(tmp_path):
    folder = tmp_path / "portal"
    folder.mkdir()
    tiny_voice.make(folder, NAME)
    server = Portal(folder)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def catalogue(portal, tmp_path):
    """A catalogue with the tiny voice in it; its path."""
    return write_catalogue(tmp_path / "voices.toml", portal)


def write_catalogue(path, portal, **changes):
    rows = [
        f'[[voice]]\nname = "{NAME}"\nengine = "piper"\nlabel = "Giọng thử"\ngender = "female"',
        'region = "north"\nlicence = "CC0"\nlicence_url = "https://example.org/licence"',
    ]
    for name in (f"{NAME}.onnx", f"{NAME}.onnx.json"):
        data = (portal.folder / name).read_bytes()
        row = {
            "name": name,
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "url": f"{portal.url}/{name}",
        }
        rows += [
            "[[voice.file]]",
            *(f"{key} = {json.dumps(value)}" for key, value in (row | changes).items()),
        ]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def offer(catalogue):
    return read_catalogue(catalogue)[NAME]


@pytest.fixture
def shelf(tmp_path):
    return VoiceShelf(tmp_path / "voices")


def take(offer, shelf, source=None):
    steps = []
    bring(offer, shelf, source or Download(), steps.append, sleep=lambda _seconds: None)
    return steps


def left_behind(shelf):
    """Files that are left of what was not added."""
    return [
        path.name
        for path in shelf.root.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    ]


def test_our_own_catalogue_is_whole():
    offers = read_catalogue(CATALOGUE)
    assert offers
    for offer in offers.values():
        assert offer.licence
        assert offer.licence_url.startswith("https://")
        assert all(file.url.startswith("https://") for file in offer.files)
        assert offer.files[0].name == f"{offer.name}.onnx"


def test_a_voice_is_added_once_with_its_progress(offer, shelf, portal):
    steps = take(offer, shelf)
    assert steps == sorted(steps)
    assert steps[-1] == offer.bytes
    assert shelf.has(offer)
    assert [name for name, _ in portal.asked] == [file.name for file in offer.files]
    assert take(offer, shelf) == []
    assert len(portal.asked) == 2


def test_a_line_that_breaks_goes_on_where_it_broke(offer, shelf, portal):
    model = offer.files[0]
    portal.cut_after[model.name] = [1000, 500, 1]
    take(offer, shelf)
    assert shelf.has(offer)
    assert [wanted for name, wanted in portal.asked if name == model.name] == [
        None,
        "bytes=1000-",
        "bytes=1500-",
        "bytes=1501-",
    ]


def test_what_came_before_a_long_outage_is_not_fetched_again(offer, shelf, portal):
    model = offer.files[0]
    portal.cut_after[model.name] = [1000, *[0] * 9]
    with pytest.raises(CutOff, match="goes on from there"):
        take(offer, shelf)
    assert not shelf.has(offer)
    portal.cut_after.clear()
    portal.asked.clear()
    take(offer, shelf)
    assert portal.asked[0] == (model.name, "bytes=1000-")
    assert shelf.has(offer)


def test_a_server_without_ranges_begins_anew(offer, shelf, portal):
    portal.ranges = False
    portal.cut_after[offer.files[0].name] = [1000]
    take(offer, shelf)
    assert shelf.has(offer)


def test_a_redirect_is_followed(offer, shelf, portal, tmp_path):
    (portal.folder / "elsewhere").write_bytes(
        (portal.folder / offer.files[0].name).read_bytes()
    )
    portal.moved[offer.files[0].name] = "/elsewhere"
    take(offer, shelf)
    assert shelf.has(offer)


@pytest.mark.parametrize("change", ["another byte", "longer", "another after a cut"])
def test_another_file_is_refused_and_leaves_nothing(offer, shelf, portal, change):
    path = portal.folder / offer.files[0].name
    data = path.read_bytes()
    path.write_bytes(data + b"x" if change == "longer" else data[:-1] + b"x")
    if change == "another after a cut":
        portal.cut_after[path.name] = [1000]
    with pytest.raises(WrongFile, match="not kept"):
        take(offer, shelf)
    assert left_behind(shelf) == []
    path.write_bytes(data)
    take(offer, shelf)
    assert shelf.has(offer)


def test_a_file_that_is_shorter_there_is_no_voice(offer, shelf, portal):
    path = portal.folder / offer.files[0].name
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(FetchError):
        take(offer, shelf)
    assert not shelf.has(offer)


def test_a_stick_gives_what_the_web_gives(offer, shelf, portal, tmp_path):
    stick = tmp_path / "stick" / "giong doc"
    shutil.copytree(portal.folder, stick)
    take(offer, shelf, Stick(stick.parent))
    assert shelf.has(offer)
    assert portal.asked == []


def test_a_stick_without_the_file_says_which(offer, shelf, tmp_path):
    with pytest.raises(FetchError, match=r"no file vi_VN-tiny\.onnx"):
        take(offer, shelf, Stick(tmp_path / "nothing"))
    assert not shelf.has(offer)


def test_a_mirror_has_all_files_in_one_folder(offer, shelf, portal, tmp_path):
    away = write_catalogue(tmp_path / "away.toml", portal, url="http://127.0.0.1:9/x")
    take(read_catalogue(away)[NAME], shelf, Download(portal.url + "/"))
    assert shelf.has(offer)


def test_a_disk_without_room_is_told_before_anything_is_fetched(
    shelf, portal, tmp_path
):
    huge = write_catalogue(tmp_path / "huge.toml", portal, bytes=10**15)
    with pytest.raises(NoRoom, match="MB free"):
        take(read_catalogue(huge)[NAME], shelf)
    assert portal.asked == []
    assert left_behind(shelf) == []


def test_a_voice_that_was_removed_is_gone(offer, shelf):
    take(offer, shelf)
    shelf.remove(offer)
    assert not shelf.has(offer)
    assert left_behind(shelf) == []


@pytest.mark.parametrize(
    "change",
    [{"name": "../x"}, {"sha256": "0"}, {"bytes": 0}, {"more": 1}, {"name": ""}],
)
def test_a_catalogue_that_is_not_whole_is_refused(portal, tmp_path, change):
    with pytest.raises(CatalogueError, match=NAME):
        read_catalogue(write_catalogue(tmp_path / "bad.toml", portal, **change))
