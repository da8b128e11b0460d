"""From the right password to the second step, and from there to the desk."""

from datetime import timedelta

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from itsdangerous import URLSafeTimedSerializer

from service.newsroom import Newsroom
from service.newsroom.values import Admission, Failures, Halfway
from service.newsroom.values.passkeys import Passkey
from service.web.auth import admit
from service.web.auth.carried import Carried
from service.web.auth.devices import devices, signer
from service.web.auth.login_form import code_form, next_path
from service.web.words import when

# What one address may try, at whatever door.
ATTEMPTS = "10 per minute"
TOO_OFTEN = "Đăng nhập quá nhiều lần. Vui lòng chờ một phút rồi thử lại."
# Seconds from the password to the second step.
TICKET_FOR_S = 300
TOO_LATE = "Đã quá năm phút từ lúc nhập mật khẩu. Hãy đăng nhập lại từ đầu."
FEW_CODES = 3
# How long each login tells of a passkey that was added.
NEW_FOR = timedelta(days=7)


def is_known_device() -> bool:
    """Whether somebody was logged in on this device: it is counted for itself."""
    return bool(devices())


def let_in(newsroom: Newsroom, admission: Admission) -> ResponseReturnValue:
    """Begins the session, and tells what its owner should know."""
    admit(newsroom, admission)
    if admission.failures.count:
        flash(_failures_vi(admission.failures), "error")
    left = admission.paper_left
    if left is not None and left <= FEW_CODES:
        flash(f"Chỉ còn {left} mã dự phòng. Hãy in mã mới ở “Tài khoản của tôi”.")
    for key in newsroom.passkeys.of(admission.person.id):
        if key.added_at > newsroom.now() - NEW_FOR:
            flash(_new_key_vi(key))
    carried = Carried.of_login()
    if carried is not None and not admission.person.must_change:
        return carried.page()
    return redirect(next_path(), 303)


def ticket_of(halfway: Halfway) -> str:
    """That the password was right, in this moment: nothing is open to who holds it but the next
    step.
    """
    return _tickets().dumps([halfway.person.id, halfway.mark])


def opened(ticket: str) -> tuple[int, str]:
    """Whose password was right, and its mark; BadSignature for what we never signed, or long ago."""
    person_id, mark = _tickets().loads(ticket, TICKET_FOR_S)
    return int(person_id), str(mark)


def second_step(newsroom: Newsroom, ticket: str, error: str = "") -> str:
    """The form of the second step: a code or a passkey, as its holder has them; BadSignature."""
    person_id, _ = opened(ticket)
    factor = newsroom.factors.of(person_id)
    return code_form(
        ticket,
        error,
        has_phone=factor is None or factor.has_phone,
        has_passkeys=newsroom.passkeys.has_open(person_id),
    )


def _tickets() -> URLSafeTimedSerializer:
    return signer("loa ticket")


def _new_key_vi(key: Passkey) -> str:
    """What somebody is told who comes in after a passkey was added: it may have been another."""
    return (
        f"Khóa truy cập “{key.name}” mới được thêm lúc {when(key.added_at)}. Nếu không phải anh chị"
        " thêm, hãy xóa ở “Tài khoản của tôi” và báo người quản trị."
    )


def _failures_vi(failures: Failures) -> str:
    """What somebody is told who comes in after wrong passwords: it may have been another."""
    at = f", lần cuối {when(failures.at)}" if failures.at else ""
    return (
        f"Từ lần đăng nhập trước đã có {failures.count} lần thử sai từ {failures.address}{at}."
        " Nếu không phải anh chị thử, hãy đổi mật khẩu và báo người quản trị."
    )
