"""What stood in an installation before its articles had sources, and its versions placements."""

import ast
import json

import pytest
from sqlalchemy import text

from loa.assembly import MIGRATIONS
from service.newsroom import Newsroom
from service.newsroom.store.files import Folder
from service.newsroom.values import (
    EVERYWHERE,
    Approval,
    Grant,
    NewArticle,
    Placement,
    Priority,
    Role,
    Source,
    SourceKind,
)
from tests.system.servers import empty_database

DAY = "2026-11-20 10:00:00+00:00"
PORTAL = Source(SourceKind.KEY, "portal")


def insert(connection, table, **values):
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)


def station(connection, number, slug):
    insert(
        connection,
        "station",
        id=number,
        slug=slug,
        name=slug,
        place="",
        description="",
        voice="",
        fallback="hold",
        approval="required",
        reading="{}",
        greeting="",
        created_at=DAY,
    )


def story(connection, number, identity, sender, approved_by="", by="lan", **more):
    external_id, url = more.get("external_id", ""), more.get("url", "")
    insert(
        connection,
        "article",
        id=number,
        identity=identity,
        external_id=external_id,
        url=url,
        priority="priority",
        revision=2,
        created_at=DAY,
    )
    for position, place in enumerate((2, 1)):
        insert(
            connection,
            "article_station",
            article_id=number,
            station_id=place,
            position=position,
        )
    for revision, who in ((1, sender), (2, by)):
        insert(
            connection,
            "revision",
            article_id=number,
            number=revision,
            digest=f"d{revision}",
            title="Tin",
            lead="",
            paragraphs=json.dumps(["Bà con ra đồng.", f"Lời thứ {revision}."]),
            byline="",
            published_at=DAY,
            received_at=DAY,
            received_from=who,
            folded="",
        )
    insert(
        connection,
        "episode",
        id=number,
        kind="story",
        guid=f"g{number}",
        slug=f"tin-{number}",
        article_id=number,
        station_id=2,
        state="published",
        version=1,
        public_version=1,
        priority="priority",
        held_detail="",
        withdrawn_why="",
        created_at=DAY,
        updated_at=DAY,
        first_published_at=DAY,
    )
    insert(
        connection,
        "rendering",
        episode_id=number,
        version=1,
        revision=2,
        title="Tin",
        cause="revised",
        opened_by=by,
        opened_at=DAY,
        voice="",
        take=0,
        spoken_by="",
        build="",
        provisional=False,
        engine_calls=0,
        clips_reused=0,
        done=0,
        total=0,
        approved_by=approved_by,
        approved_at=DAY if approved_by else None,
    )


def person(connection):
    """Somebody with a login, and a portal with a key, of the days when a role was all."""
    for table, more in (
        ("person", {"name": "sen", "password": "x", "active": True}),
        (
            "api_key",
            {"name": "portal", "prefix": "loa_x", "digest": "d", "revoked": False},
        ),
    ):
        insert(connection, table, id=1, role="approver", created_at=DAY, **more)


def logged_in(connection):
    insert(
        connection,
        "login_session",
        digest="s",
        person_id=1,
        kind="password",
        begun_at=DAY,
        seen_at=DAY,
        address="",
        agent="",
    )


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
def upgraded(request, tmp_path):
    url = f"sqlite:///{tmp_path}/loa.db"
    if request.param == "postgres":
        url = empty_database(request.getfixturevalue("postgres"))
    newsroom = Newsroom.open(url, Folder(tmp_path / "files"), MIGRATIONS)
    newsroom.database.migrate("0013")
    with newsroom.database.engine.connect() as connection:
        station(connection, 1, "suoi-lanh")
        station(connection, 2, "xa-ben")
        story(connection, 1, "id:202", "key portal", "chị Sen", external_id="202")
        story(connection, 2, "url:https://xa.example/tin/2/", "lan", "trusted")
        story(
            connection,
            3,
            "text:d1",
            "import",
            "tự động theo quy định của đài",
            by="loa",
        )
        # Its sequences know nothing of rows that named their numbers
        if request.param == "postgres":
            for table in ("article", "episode"):
                connection.execute(
                    text(f"ALTER SEQUENCE {table}_id_seq RESTART WITH 10")
                )
        person(connection)
        connection.commit()
    newsroom.database.migrate("0024")
    with newsroom.database.engine.connect() as connection:
        logged_in(connection)
        connection.commit()
    newsroom.database.migrate()
    yield newsroom
    newsroom.database.close()


def test_a_source_goes_on_with_its_articles(upgraded):
    words = ("Bà con ra đồng.", "Lời thứ 1.")
    again = NewArticle("Tin", words, "d9", ("xa-ben", "suoi-lanh"), external_id="202")
    kept = upgraded.articles.receive(again, "key portal", PORTAL)
    assert (kept.article_id, kept.news) == (1, "placed"), (
        "the priority that it sends is another"
    )
    assert upgraded.articles.get(1).paragraphs[1] == "Lời thứ 2.", (
        "what an editor wrote stays"
    )
    theirs = upgraded.articles.receive(
        again, "key khác", Source(SourceKind.KEY, "khác")
    )
    assert theirs.news == "created"
    page = NewArticle("Tin", words, "d9", ("xa-ben",), url="http://xa.example/tin/2")
    assert upgraded.articles.receive(page, "lan").article_id == 2
    typed = NewArticle("Tin", words, "d1", ("xa-ben",))
    imported = Source(SourceKind.HOUSE, "import")
    assert upgraded.articles.receive(typed, "import", imported).article_id == 3


def test_versions_know_where_they_were_approved_for_and_how(upgraded):
    placement = Placement(("xa-ben", "suoi-lanh"), Priority.PRIORITY, evergreen=False)
    for number, approval in (
        (1, Approval.PERSON),
        (2, Approval.TRUST),
        (3, Approval.RULE),
    ):
        episode = upgraded.episodes.get(number)
        assert episode.on_air == episode.rendering.placement == placement
        assert episode.rendering.approved_as is approval


def test_who_had_a_role_has_it_everywhere_and_stays_logged_in(upgraded):
    (sen,), (portal,) = upgraded.people.everyone(), upgraded.people.keys()
    assert sen.grants == portal.grants == (Grant(Role.APPROVER),)
    assert upgraded.access.reach(sen.grants, Role.EDITOR) == EVERYWHERE
    assert not portal.scopes
    with upgraded.database.read() as session:
        assert session.scalar(text("SELECT person_id FROM login_session")) == 1


def test_migrations_import_no_live_code():
    """What they do must not change when the code does."""
    for path in sorted((MIGRATIONS / "versions").glob("*.py")):
        imports = [
            node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        assert not [name for name in imports if (name or "").startswith("service")], (
            path.name
        )
