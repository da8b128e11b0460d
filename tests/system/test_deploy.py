"""What ships to run Loa: the compose file, units of systemd, the proxy's file,
Windows' commands.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.system.servers import need

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
OURS = {
    name
    for name, service in SERVICES.items()
    if service.get("command", [""])[0] == "loa"
}
ENDING = {"samples", "storage-setup"}
# By the schemas that check-jsonschema brings: of the Compose specification, of GitHub.
FORMATS = {
    "vendor.compose-spec": ["docker-compose.yml", "deploy/compose.tls.yml"],
    "vendor.github-workflows": [".github/workflows/tests.yml"],
}
SYSTEMD = sorted((ROOT / "deploy" / "systemd").iterdir())


@pytest.mark.parametrize(("schema", "files"), FORMATS.items())
def test_others_tools_know_every_word_of_our_files(schema, files):
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *files],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_may_more_than_it_needs(name):
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert not service.get("privileged")
    assert not [path for path in service.get("volumes", ()) if "docker.sock" in path]


def test_only_the_proxy_is_reached_from_outside():
    published = {
        name: service["ports"]
        for name, service in SERVICES.items()
        if "ports" in service
    }
    assert list(published) == ["proxy"]
    assert all(
        port.startswith("${LOA_BIND:-127.0.0.1}:") for port in published["proxy"]
    )
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "redis", "storage", "storage-setup"):
        assert SERVICES[name]["networks"] == ["inside"]
    assert SERVICES["proxy"]["networks"] == ["out"]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ENDING))
def test_every_service_is_asked_whether_it_lives(name):
    service = SERVICES[name]
    words = service["healthcheck"]["test"]
    assert words[0] == "CMD"
    if name in OURS:
        assert words[1:3] == ["loa", "alive"]
        assert words[3] in service["command"]


def test_images_of_others_are_pinned_by_tag_and_digest():
    for name, service in SERVICES.items():
        if name not in OURS:
            assert re.fullmatch(
                r"[a-z/]+:[\w.-]+@sha256:[0-9a-f]{64}", service["image"]
            ), name


def test_loa_never_holds_the_stores_root_key_and_every_secret_is_declared():
    used = {
        secret for service in SERVICES.values() for secret in service.get("secrets", ())
    }
    assert used == set(COMPOSE["secrets"])
    for name in OURS:
        assert "root" not in SERVICES[name]["secrets"]
    assert not re.search(
        r"(PASSWORD|SECRET\w*|KEY): [\"']?[\w-]{6,}", yaml.dump(SERVICES)
    )


def test_volumes_networks_and_dependencies_are_declared():
    for service in SERVICES.values():
        named = {path.partition(":")[0] for path in service.get("volumes", ())}
        for each in named:
            assert each in COMPOSE["volumes"] or (ROOT / each).exists(), each
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        for other, terms in service.get("depends_on", {}).items():
            ends = terms["condition"] == "service_completed_successfully"
            assert ends == (other in ENDING)


def test_the_proxys_file_is_valid():
    command = [
        need("caddy", "caddy"),
        "adapt",
        "--config",
        str(ROOT / "deploy" / "Caddyfile"),
    ]
    done = subprocess.run(
        command,
        env=os.environ | {"LOA_SITE": ":8000"},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    assert '"web:8000"' in done.stdout


def test_systemd_takes_the_units(tmp_path):
    verify = need("systemd-analyze", "systemd")
    for unit in SYSTEMD:
        text = unit.read_text("utf-8").replace("/srv/loa/.venv/bin/loa", "/usr/bin/env")
        (tmp_path / unit.name).write_text(text, "utf-8")
    done = subprocess.run(
        [verify, "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "loa" not in done.stderr.lower(), done.stderr


@pytest.mark.parametrize("unit", SYSTEMD, ids=lambda unit: unit.name)
def test_units_run_commands_that_there_are(unit):
    from loa.commands import COMMANDS

    for command in re.findall(
        r"^ExecStart=/srv/loa/.venv/bin/loa (\w+)", unit.read_text(), re.M
    ):
        assert command in COMMANDS


def test_windows_has_commands_beside_the_makefile():
    text = (ROOT / "loa.cmd").read_bytes()
    # Cmd loses labels in files of another kind
    assert text.count(b"\r\n") == text.count(b"\n")
    words = text.decode("ascii")
    labels = set(re.findall(r"^:(\w+)", words, re.M))
    assert labels == {"setup", "run", "boot", "noboot"}
    assert set(re.findall(r"goto (\w+)", words)) == labels
    assert "-c constraints.txt" in words
