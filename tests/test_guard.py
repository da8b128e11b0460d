"""The guard of calls to addresses outside: what it lets through, and that a call goes where it
looked.
"""

import ipaddress
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import urllib3

from service.guard import PUBLIC_ONLY, Guard, Unsafe, is_public, target_of
from service.outbound import Unreachable, dial, opened

PATIENCE = urllib3.Timeout(total=5)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "0.1.2.3",
        "192.0.0.8",
        "192.0.0.170",
        "192.88.99.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:0:7f00:1",
        "::ffff:0:808:808",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::7f00:1",
        "64:ff9b:1::808:808",
        "100::1",
        "2001::1",
        "2001:2::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::",
        "3fff::1",
        "2606:4700::5efe:7f00:1",
        "2606:4700::200:5efe:10.0.0.1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "feff::1",
        "ff02::1",
    ],
)
def test_what_is_not_public_is_not_called(address):
    assert not is_public(ipaddress.ip_address(address))
    assert not PUBLIC_ONLY.allows("host.example", ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "203.162.4.191",
        "2606:4700::1111",
        "64:ff9b::808:808",
        "::ffff:8.8.8.8",
    ],
)
def test_what_is_public_is(address):
    assert PUBLIC_ONLY.allows("host.example", ipaddress.ip_address(address))


def test_an_administrator_opens_hosts_and_networks():
    guard = Guard.parse("192.168.1.0/24, hook.xa.lan ,fd12::/16,10.0.0.5")
    for host, address, open_ in [
        ("a.example", "192.168.1.7", True),
        ("a.example", "192.168.2.7", False),
        ("hook.xa.lan", "10.9.9.9", True),
        ("hook.xa.lan.example", "10.9.9.9", False),
        ("a.example", "10.0.0.5", True),
        ("a.example", "fd12:1::1", True),
    ]:
        assert guard.allows(host, ipaddress.ip_address(address)) is open_, (
            host,
            address,
        )


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "fd00:ec2::254",
        "168.63.129.16",
        "fe80::1",
        "224.0.0.1",
    ],
)
def test_metadata_is_never_called_whatever_is_opened(address):
    guard = Guard.parse("0.0.0.0/0,::/0,meta.lan")
    assert guard.allows("a.example", ipaddress.ip_address("10.0.0.1"))
    assert not guard.allows("meta.lan", ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "text", ["192.168.1.7/24", "10.0.0.0/33", "http://a.lan", "a b", "*.lan"]
)
def test_what_cannot_be_opened_is_named(text):
    with pytest.raises(ValueError, match=r"."):
        Guard.parse(text)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/",
        "//a.example/",
        "https:///x",
        "https://user:secret@a.example/",
        "https://@a.example/",
        "https://a.example:99999/",
        "https://a.example\\@127.0.0.1/",
        "https://[fe80::1%25eth0]/",
        "https://[::1",
        "https://" + "ă" * 300 + ".example/",
    ],
)
def test_an_address_that_two_readers_read_differently_is_none(url):
    with pytest.raises(Unsafe) as refusal:
        target_of(url)
    assert "secret" not in str(refusal.value)


def test_names_outside_ascii_are_asked_for_as_resolvers_have_them():
    assert target_of("https://Xã.example/tin").host == "xn--x-yfa.example"


@pytest.mark.parametrize(
    ("url", "fits"),
    [
        ("https://chat.example/hook", True),
        ("http://chat.example/hook", False),
        ("http://10.0.0.5:8080/hook", True),
        ("http://10.0.0.6/hook", False),
        ("https://10.0.0.6/hook", False),
        ("https://169.254.169.254/hook", False),
        ("https://127.1/hook", False),
        ("https://2130706433/hook", False),
        ("https://0x7f.0.0.1/hook", False),
        ("https://localhost/hook", False),
        ("https://a.localhost/hook", False),
        ("http://box.lan/hook", True),
        ("https://u:p@chat.example/hook", False),
    ],
)
def test_what_is_nobody_else_s_goes_over_tls_or_to_what_was_opened(url, fits):
    guard = Guard.parse("10.0.0.5,box.lan")
    if fits:
        assert guard.check_secret(url).host
    else:
        with pytest.raises(Unsafe):
            guard.check_secret(url)


class Here(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.hosts.append(self.headers["Host"])
        self.send_response(302)
        self.send_header("Location", "http://10.0.0.1/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def test_a_call_goes_to_the_address_that_was_checked_under_the_name_that_was_given():
    """And a redirect is not followed."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Here)
    server.hosts = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    target = target_of(f"http://localhost:{server.server_port}/x")
    try:
        with (
            pytest.raises(Unsafe),
            opened("GET", target, PUBLIC_ONLY, timeout=PATIENCE),
        ):
            pass
        assert server.hosts == []
        opened_up = Guard.parse("127.0.0.1,::1")
        with opened("GET", target, opened_up, timeout=PATIENCE) as answer:
            assert answer.status == 302
        assert server.hosts == [f"localhost:{server.server_port}"]
    finally:
        server.shutdown()
        server.server_close()
    with pytest.raises(Unreachable), opened("GET", target, opened_up, timeout=PATIENCE):
        pass


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f.1", "127.1", "[::127.0.0.1]", "localhost"]
)
def test_spellings_of_this_machine_are_this_machine(host):
    with pytest.raises(Unsafe):
        dial(target_of(f"http://{host}/"), PUBLIC_ONLY)
