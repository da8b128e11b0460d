"""Alerts: one table, the same rules for Prometheus, a section each in the runbook, notices without
Prometheus.
"""

import json
import re
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from service.actions.alerts import ALERTS, firing
from service.actions.watching import Disk, look_at
from service.newsroom.values import Mark, Process, ProcessKind
from tests.system.servers import need
from workers.alerts import LOOK_EVERY_S, Alarms

ROOT = Path(__file__).resolve().parent.parent.parent
PROMETHEUS = ROOT / "deploy" / "prometheus"
RULES = {
    rule["alert"]: rule
    for group in yaml.safe_load((PROMETHEUS / "loa.rules.yml").read_text("utf-8"))[
        "groups"
    ]
    for rule in group["rules"]
}
BOARD = json.loads((ROOT / "deploy" / "grafana" / "loa.json").read_text("utf-8"))
SOURCES = "".join(
    (ROOT / "service" / path).read_text("utf-8")
    for path in ("web/health/metrics.py", "web/health/__init__.py")
)


@pytest.fixture
def duty(newsroom):
    station = newsroom.stations.get("suoi-lanh")
    newsroom.stations.put(replace(station, duty=("chi.sen@xa.vn",)))


@pytest.fixture
def hanging(newsroom):
    """A worker that gave no sign for 15 minutes, when the clock has been turned so far."""
    newsroom.house.beat(Process(ProcessKind.WORKER, "may-1", 41, "1", newsroom.now()))


def test_rules_table_and_runbook_name_the_same_alerts():
    sections = re.findall(
        r"^## (Loa\w+)$", (ROOT / "docs/runbook.md").read_text("utf-8"), re.M
    )
    assert sections == [alert.name for alert in ALERTS]
    assert list(RULES) == sections


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)
def test_a_rule_says_what_the_table_says(alert):
    rule = RULES[alert.name]
    assert float(re.search(r"> ([0-9.]+)$", rule["expr"]).group(1)) == alert.threshold
    assert rule["for"] == f"{alert.for_s}s"
    assert rule["annotations"] == {"summary": alert.text_vi, "runbook": alert.runbook}


def test_rules_and_board_ask_for_metrics_that_there_are():
    panels = [
        target["expr"] for panel in BOARD["panels"] for target in panel["targets"]
    ]
    for expression in [*panels, *(rule["expr"] for rule in RULES.values())]:
        for name in re.findall(r"loa_\w+", expression):
            assert f'"{re.sub("_bucket$", "", name)}"' in SOURCES, name


@pytest.mark.parametrize("words", [("check", "rules"), ("test", "rules")], ids=" ".join)
def test_promtool_finds_the_rules_right(words):
    file = "loa.rules.yml" if words[0] == "check" else "loa.rules.test.yml"
    command = [need("promtool", "prometheus"), *words, file]
    done = subprocess.run(
        command, cwd=PROMETHEUS, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_house_that_is_well_calls_nobody(newsroom, tmp_path):
    assert list(firing(look_at(newsroom, tmp_path))) == []


def test_each_alert_that_can_be_seen_here_fires(
    newsroom, hanging, hand_in, clock, tmp_path
):
    newsroom.watch.mark(Mark.CLOCK)
    newsroom.watch.mark(Mark.BACKUP)
    hand_in()
    clock.ahead = timedelta(days=1, hours=-1)
    assert {"LoaOldestJob", "LoaWorkerGone", "LoaClockGone"} <= names(
        newsroom, tmp_path
    )
    assert "LoaBackupOld" not in names(newsroom, tmp_path)
    clock.ahead = timedelta(hours=27)
    assert "LoaBackupOld" in names(newsroom, tmp_path)
    full = replace(look_at(newsroom, tmp_path), disk=Disk(5, 100))
    assert "LoaDiskFull" in {alert.name for alert in firing(full)}


def names(newsroom, home):
    return {alert.name for alert in firing(look_at(newsroom, home))}


def test_who_is_on_duty_hears_of_it_once_and_only_when_it_lasts(
    newsroom, duty, hanging, clock
):
    clock.ahead = timedelta(minutes=15)
    ticks = [0.0]
    alarms = Alarms(newsroom, None, lambda: ticks[0])
    alarms.look()
    assert newsroom.notices.unseen() == []
    for _ in range(10):
        ticks[0] += LOOK_EVERY_S
        alarms.look()
    (notice,) = newsroom.notices.unseen()
    assert "không được khởi động lại" in notice.title
    assert notice.untold == ("chi.sen@xa.vn",)
    assert notice.link == "/desk/machines"


def test_a_process_that_was_begun_again_is_not_gone(newsroom, hanging, clock):
    clock.ahead = timedelta(minutes=15)
    newsroom.house.beat(Process(ProcessKind.WORKER, "may-1", 42, "1", newsroom.now()))
    assert look_at(newsroom, None).gone == []
