"""Passwords are hashed by a few at a time, however many log in at once."""

import threading

import pytest
from argon2.exceptions import VerifyMismatchError

from service.newsroom.staff.hashing import Hasher


class Crowded:
    """Stands in for argon2: notes how many are hashing at the same moment."""

    def __init__(self):
        self.inside = self.most = 0
        self.lock = threading.Lock()
        self.both_in = threading.Barrier(2, timeout=30)

    def hash(self, password):
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.both_in.wait()  # nobody leaves before a second one came: two are let in together
        with self.lock:
            self.inside -= 1
        return f"digest of {password}"

    def verify(self, digest, password):
        self.hash(password)
        if digest != f"digest of {password}":
            raise VerifyMismatchError
        return True


def test_a_crowd_at_the_login_hashes_two_at_a_time():
    inner = Crowded()
    hasher = Hasher(inner)
    calls = [threading.Thread(target=hasher.hash, args=(str(n),)) for n in range(12)]
    calls += [
        threading.Thread(target=hasher.matches, args=("x", str(n))) for n in range(12)
    ]
    for call in calls:
        call.start()
    for call in calls:
        call.join(30)
    assert inner.most == 2
    assert inner.inside == 0


@pytest.mark.parametrize(
    ("digest", "right"), [("digest of a", True), ("digest of b", False)]
)
def test_it_tells_whether_a_password_fits(digest, right):
    inner = Crowded()
    inner.both_in = threading.Barrier(1)
    assert Hasher(inner).matches(digest, "a") is right
