"""Corrections that stations make alike, as the command line tells them."""

import pytest
from typer.testing import CliRunner

from loa.commands import app
from service.newsroom.values import NewArticle, Station, Term


@pytest.fixture
def stations(newsroom):
    for slug, name in (("ban-lien", "Đài Bản Liền"), ("ta-chai", "Đài Tà Chải")):
        newsroom.stations.put(Station(slug, name))


@pytest.fixture
def mend(newsroom, work_all):
    """An article of one sentence at a station, and what its editor has it say."""

    def mend(station, written, spoken):
        article = NewArticle(f"Tin {station}", (written,), written, (station,))
        number = newsroom.articles.receive(article, "test").episode_id
        work_all()
        last = newsroom.episodes.get(number).sentences[-1]
        newsroom.episodes.say_otherwise(number, last.n, spoken, "sen")

    return mend


@pytest.fixture
def suggested(newsroom, tmp_path):
    """The rows that `loa terms suggest` prints, and its lines for people."""
    home = {
        "LOA_HOME": str(tmp_path),
        "LOA_DATABASE_URL": f"sqlite:///{tmp_path}/loa.db",
        "LOA_TESTS_REQUIRE": None,  # the tests' own, and no setting of Loa
    }

    def suggested(*arguments):
        done = CliRunner(env=home).invoke(app, ["terms", "suggest", *arguments])
        assert done.exit_code == 0, done.output
        lines = done.output.splitlines()
        rows = [line for line in lines if not line.startswith("# ")]
        return rows, [line for line in lines if line.startswith("# ")]

    return suggested


def test_a_sentence_mended_alike_at_two_stations_is_a_row_with_its_contexts(
    stations, mend, suggested
):
    mend("ban-lien", "Chiều qua họp XYZK xã.", "Chiều qua họp xóa nghèo xã.")
    assert suggested()[0] == []
    mend("ta-chai", "Hôm nay họp XYZK xã ta.", "Hôm nay họp xóa nghèo xã ta.")
    rows, told = suggested()
    assert rows == ["XYZK\txóa nghèo\thọp\txã\tqua họp XYZK xã\tqua họp xóa nghèo xã"]
    assert told == [
        "# abbreviations.tsv, at ban-lien, ta-chai",
        "# Chiều qua họp XYZK xã.",
        "# Hôm nay họp XYZK xã ta.",
    ]


def test_entries_of_two_stations_are_rows_and_so_is_one_with_a_sentence(
    newsroom, stations, mend, suggested
):
    newsroom.terms.put(Term("Qyaomi", "ki ao mi", "ban-lien"), "sen")
    newsroom.terms.put(Term("Qyaomi", "ki ao mi", "ta-chai"), "sen")
    newsroom.terms.put(Term("KLMN", "ca lờ", "ban-lien"), "sen")
    mend("ta-chai", "Có KLMN mới.", "Có ca lờ mới.")
    rows, _ = suggested()
    assert "Qyaomi\tki ao mi\tQyaomi\tki ao mi" in rows
    assert any(row.startswith("KLMN\tca lờ\t") for row in rows)


def test_what_stations_say_differently_or_the_tables_say_is_no_row(
    newsroom, stations, mend, suggested
):
    newsroom.terms.put(Term("QRST", "một", "ban-lien"), "sen")
    newsroom.terms.put(Term("QRST", "hai", "ta-chai"), "sen")
    newsroom.terms.put(Term("UBND", "ủy ban nhân dân", "ban-lien"), "sen")
    newsroom.terms.put(Term("UBND", "ủy ban nhân dân", "ta-chai"), "sen")
    newsroom.terms.put(Term("VWXY", "chung"), "sen")
    mend("ban-lien", "Trời nắng.", "Trời rất nắng.")
    mend("ta-chai", "Trời nắng.", "Trời rất nắng.")
    assert suggested()[0] == []
    assert "QRST\tmột\t\t\tQRST\tmột" in suggested("--stations", "1")[0]
