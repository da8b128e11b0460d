"""Addresses of the people on duty: refused when they are entered, if nothing can ever be sent there."""

import re
from collections.abc import Iterable

from service.guard import Guard, Unsafe
from service.newsroom.errors import Invalid

MOST = 50  # of one station
LONGEST = 254  # characters of an e-mail address: RFC 5321, 4.5.3.1.3 without its brackets
LONGEST_LOCAL = 64  # 4.5.3.1.1
LONGEST_WEB = 2_000
# RFC 5322's dot-atom. Other local parts need SMTPUTF8 or quotes, which many servers refuse.
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LOCAL = re.compile(rf"{ATOM}(\.{ATOM})*")
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"({LABEL}\.)+{LABEL}")


def duty_addresses(addresses: Iterable[str], guard: Guard) -> tuple[str, ...]:
    """The same addresses as they can be sent to, each once; Invalid (`duty`) names the one that cannot be."""
    sendable = tuple(dict.fromkeys(_sendable(address, guard) for address in addresses))
    if len(sendable) > MOST:
        raise Invalid(f"at most {MOST} addresses", f"Tối đa {MOST} địa chỉ người trực.", "duty")
    return sendable


def is_web(address: str) -> bool:
    """Whether it is a webhook; otherwise it is an e-mail address."""
    return address.lower().startswith(("http://", "https://"))


def mail_address(address: str) -> str:
    """An e-mail address as every mail server takes it, its domain as punycode; ValueError says why none does."""
    local, _, domain = address.rpartition("@")
    if not LOCAL.fullmatch(local) or len(local) > LONGEST_LOCAL:
        raise ValueError("the part before @ needs 1 to 64 letters (a-z), digits or . _ - +")
    try:
        domain = domain.lower().encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError(f"the part after @ is no domain: {error}") from error
    if not DOMAIN.fullmatch(domain) or len(local) + 1 + len(domain) > LONGEST:
        raise ValueError("the part after @ is no domain such as xa.example.vn")
    return f"{local}@{domain}"


def _sendable(address: str, guard: Guard) -> str:
    if is_web(address):
        return _webhook(address, guard)
    try:
        return mail_address(address)
    except ValueError as error:
        raise Invalid(
            f"{address!r} is neither an https address nor an e-mail address: {error}",
            f"“{address}” không phải là địa chỉ https hay địa chỉ thư điện tử gửi được"
            " (phần trước @ không dấu).",
            "duty",
        ) from error


def _webhook(address: str, guard: Guard) -> str:
    """The refusal does not repeat the address: its path is often a secret."""
    try:
        if len(address) > LONGEST_WEB or re.search(r"[\s\x00-\x1f]", address):
            raise Unsafe(f"it is longer than {LONGEST_WEB} characters, or holds a space")
        guard.check_secret(address)
    except Unsafe as error:
        raise Invalid(
            f"a web address of the people on duty cannot be called: {error}",
            "Địa chỉ web của người trực phải là https, công khai, không kèm tên và mật khẩu."
            " Địa chỉ trong mạng nội bộ thì người quản trị máy phải mở bằng LOA_LAN_ALLOW.",
            "duty",
        ) from error
    return address
