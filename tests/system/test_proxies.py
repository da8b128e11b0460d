"""The proxies of docs/proxy, started for real before a real Loa."""

import re

import pytest
import requests

from tests.system.servers import (
    Installation,
    Process,
    free_port,
    listening,
    need,
    wait_for,
)

NAME = "loa.xa.example"


@pytest.fixture(scope="module")
def behind(tmp_path_factory):
    """Loa as docs/operations.md has it behind a proxy."""
    folder = tmp_path_factory.mktemp("behind")
    more = {"public_url": f"https://{NAME}", "trusted_proxies": 1}
    with Installation(folder, samples="no", voices="tone", **more) as found:
        found.start("serve")
        found.ready()
        yield found


def nginx(docs, port, loa, folder):
    text = (
        (docs / "nginx.conf").read_text().replace("127.0.0.1:8000", f"127.0.0.1:{loa}")
    )
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    # TLS ends before it
    text = re.sub(r"(?m)^\s*ssl_.*$", "", text).replace("$scheme", "https")
    whole = f"daemon off; pid {folder}/pid; error_log {folder}/log; events {{}}\nhttp {{ {text} }}\n"
    (folder / "nginx.conf").write_text(
        whole.replace("http {", "http { access_log off;", 1)
    )
    return [need("nginx", "nginx-light"), "-c", str(folder / "nginx.conf")]


def caddy(docs, port, loa, folder):
    text = (
        (docs / "Caddyfile").read_text().replace("127.0.0.1:8000", f"127.0.0.1:{loa}")
    )
    text = text.replace(f"{NAME} {{", f"http://{NAME}:{port} {{", 1)
    text = text.replace(
        f"127.0.0.1:{loa}",
        f"127.0.0.1:{loa} {{ \nheader_up X-Forwarded-Proto https\n}}",
    )
    (folder / "Caddyfile").write_text(f"{{\nadmin off\n}}\n{text}")
    command = [need("caddy", "caddy"), "run", "--adapter", "caddyfile"]
    return [*command, "--config", str(folder / "Caddyfile")]


@pytest.mark.servers
@pytest.mark.parametrize("proxy", [nginx, caddy])
def test_a_proxy_of_the_docs(behind, proxy, tmp_path, pytestconfig):
    port = free_port()
    docs = pytestconfig.rootpath / "docs" / "proxy"
    server = Process(proxy(docs, port, behind.port, tmp_path), tmp_path / "proxy.log")
    try:
        wait_for(lambda: listening(port))
        at, host = f"http://127.0.0.1:{port}", {"Host": NAME}
        page = requests.get(f"{at}/desk/login", headers=host, timeout=30)
        cookie = page.headers["Set-Cookie"]
        assert "Secure" in cookie
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text).group(1)
        name, password = (behind.folder / "var" / "first-login.txt").read_text().split()
        logged_in = requests.post(
            f"{at}/desk/login",
            {"name": name, "password": password, "csrf_token": token},
            headers=host
            | {"Cookie": cookie.split(";")[0], "Referer": f"https://{NAME}/desk/login"},
            allow_redirects=False,
            timeout=30,
        )
        assert logged_in.status_code == 303
        part = requests.get(
            f"{at}/static/loa.css", headers=host | {"Range": "bytes=0-9"}, timeout=30
        )
        assert (part.status_code, len(part.content)) == (206, 10)
        assert (
            "loa_jobs"
            not in requests.get(f"{at}/metrics", headers=host, timeout=30).text
        )
    finally:
        server.kill()
