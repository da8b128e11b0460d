"""The examples of docs/api.md, as they stand there: those of the shell are run against a house, and
every body of the table fits its call.
"""

import json
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests
from jsonschema import Draft202012Validator

from service.newsroom.values import Station
from service.zone import VIETNAM
from tests.intake.test_cap import cap, info
from tests.system.house import House
from tests.system.servers import need

DOC = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
SHELL = re.findall(r"^```(?:sh|bash)\n(.*?)^```", DOC, re.DOTALL | re.MULTILINE)
SERVER = "http://127.0.0.1:8000"
ROW = re.compile(r"^\| `(POST|PUT|PATCH) (/[^`?]+)", re.MULTILINE)


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated):
    """A house whose folder is the home of the commands."""
    folder = tmp_path_factory.mktemp("api")
    found = House(folder, migrated)
    for slug in ("suoi-lanh", "ban-lau"):
        found.newsroom.stations.put(Station(slug, f"Đài {slug}"))
    yield found, folder
    found.close()


def test_the_shell_s_examples_run(house, tmp_path):
    bash, _ = need("bash", "bash"), need("curl", "curl")
    at, folder = house
    now = datetime.now(VIETNAM).replace(microsecond=0)
    over = (now + timedelta(hours=3)).isoformat()
    alert = cap([info(effective=now.isoformat(), expires=over)], sent=now.isoformat())
    (tmp_path / "alert.xml").write_bytes(alert)
    script = "\n".join(SHELL).replace(SERVER, at.url)
    commands = Path(sys.executable).parent
    environment = {
        name: value for name, value in os.environ.items() if name[:4] != "LOA_"
    } | {"LOA_HOME": str(folder), "PATH": f"{commands}:{os.environ['PATH']}"}
    done = subprocess.run(
        [bash, "-euo", "pipefail", "-c", script],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    decoder, answers, text = json.JSONDecoder(), [], done.stdout.strip()
    while text:
        answer, end = decoder.raw_decode(text)
        answers.append(answer)
        text = text[end:].strip()
    taken, warned, alerted = answers
    assert "article" in taken, taken
    assert taken["article"].startswith("/api/v1/articles/")
    assert (warned["news"], alerted["news"]) == ("created", "created")
    assert at.newsroom.episodes.cards()[1] == 3


def bodies():
    """The examples of the table: the call, and what it is sent."""
    for line in DOC.splitlines():
        call = ROW.match(line)
        for body in re.findall(r"`(\{\".+?\})`", line) if call else ():
            yield call[1].lower(), call[2], json.loads(body.replace(", …", ""))


@pytest.mark.parametrize(("method", "path", "body"), list(bodies()))
def test_a_body_of_the_table_fits_its_call(house, method, path, body):
    told = described(house)
    known = {re.sub(r"\w+(?=})", "x", each): each for each in told["paths"]}
    place = known[re.sub(r"\w+(?=})", "x", f"/api/v1{path}")]
    sent = told["paths"][place][method]["requestBody"]["content"]["application/json"]
    schema = sent["schema"] | {"components": told["components"]}
    Draft202012Validator(schema).validate(body)


def described(house):
    """The API's own description."""
    return requests.get(f"{house[0].url}/api/v1/openapi.json", timeout=30).json()


def test_the_table_has_examples():
    assert len(SHELL) == 2
    assert len(list(bodies())) >= 9
