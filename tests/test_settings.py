"""A setting that cannot work stops the start, by its name."""

import pytest

from loa.assembly import require_extras
from service.settings import SettingsError, load


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "loa.xa.example"),
        ("PUBLIC_URL", "ftp://loa.xa.example"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://loa.xa.example/loa"),
        ("PUBLIC_URL", "https://loa.xa.example/?x"),
        ("PUBLIC_URL", "https://loa.xa .example"),
        ("PUBLIC_URL", "https://loa.xa.example:99999"),
        ("PUBLIC_URL", "https://[::1"),
        ("PUBLIC_URL", "https://a:b@loa.xa.example"),
        ("MOVED_TO", "loa.xa.example"),
        ("MOVED_TO", "https://loa.xa.example/sub"),
        ("WEBSUB_HUB", "hub"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "http"),
        ("NAME", "  "),
        ("LOG_LEVEL", "LOUD"),
        ("TRUSTED_PROXIES", "yes"),
        ("TRUSTED_PROXIES", "100"),
        ("DATABASE_URL", "mysql://root@localhost/loa"),
        ("BROKER_URL", "amqp://localhost"),
        ("SMTP_URL", "mail.example:25"),
        ("HOME", "/srv/Nhà xã?"),
        ("HOME", "/srv/a#b"),
        ("PUBLIC_ULR", "https://loa.xa.example"),
    ],
)
def test_what_cannot_work_is_refused_by_name(name, value):
    with pytest.raises(SettingsError, match=f"LOA_{name}"):
        load({f"LOA_{name}": value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "https://loa.xa.example/"),
        ("PUBLIC_URL", "http://192.168.1.10:8000"),
        ("PUBLIC_URL", "http://[2001:db8::1]:8000"),
        ("WEBSUB_HUB", "https://pubsubhubbub.appspot.com/"),
        ("PORT", "65535"),
        ("LOG_LEVEL", "debug"),
        ("HOME", "/srv/Nhà xã"),
        ("SMTP_URL", ""),
    ],
)
def test_what_can_work_is_taken(name, value):
    load({f"LOA_{name}": value})


def test_postgres_is_postgresql():
    assert (
        load({"LOA_DATABASE_URL": "postgres://a@b/c"}).database == "postgresql://a@b/c"
    )


@pytest.mark.parametrize(
    ("host", "public", "unreachable"),
    [
        ("0.0.0.0", "", True),
        ("::", "", True),
        ("0.0.0.0", "http://192.168.1.10:8000", False),
        ("127.0.0.1", "", False),
    ],
)
def test_an_address_that_leads_nowhere_is_known(host, public, unreachable):
    assert load({"LOA_HOST": host, "LOA_PUBLIC_URL": public}).unreachable is unreachable


@pytest.mark.parametrize(
    ("name", "value", "extra"),
    [
        ("DATABASE_URL", "postgres://a@b/c", "loa[postgres]"),
        ("DATABASE_URL", "postgresql://a@b/c", "loa[postgres]"),
        ("FILES_URL", "s3://loa/x", "loa[bucket]"),
    ],
)
def test_an_extra_that_is_missing_is_named(name, value, extra):
    found = load({f"LOA_{name}": value})
    require_extras(found, present=lambda module: True)
    with pytest.raises(SettingsError) as caught:
        require_extras(found, present=lambda module: None)
    assert extra in str(caught.value)
    require_extras(load({}), present=lambda module: None)
