"""What a browser is asked to sign with a passkey, and whether what it signed holds (WebAuthn 3).

The checks are those of python-fido2's server; here stands what it leaves to its callers: one exact
origin, no frames of other sites, the kinds of keys, and whose key a login without a name is. Every
passkey knows who holds it (a finger, a face, a PIN: "user verification") and is found by the
browser itself ("discoverable").

The library is imported when somebody uses a passkey: it weighs ten megabytes.
"""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from service.characters import texts_in
from service.newsroom.errors import Invalid
from service.newsroom.values.passkeys import Realm

if TYPE_CHECKING:
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialDescriptor

# Kinds of keys, by their COSE numbers: what WebAuthn 3 (5.4.3) names for wide support
KINDS = {"EdDSA": -8, "ES256": -7, "RS256": -257}
LONGEST_ANSWER = 20_000  # characters; a TPM's attestation has about 6,000
LONGEST_KEY = 2_000  # in base64url: RSA of 4,096 bits has about 800
REFUSED_VI = (
    "Khóa truy cập này không dùng được ở đây. Hãy thử lại; vẫn không được thì dùng mật khẩu"
    " và mã dự phòng."
)

Asked = tuple[dict[str, Any], dict[str, Any]]

_log = logging.getLogger("loa.passkeys")


@dataclass(frozen=True, slots=True)
class NewKey:
    """A passkey that was just made: its id and public half, and how often it was used."""

    credential: str
    public: str
    uses: int


@dataclass(frozen=True, slots=True)
class Signed:
    """What a browser sent back: the JSON form of its answer, not looked into yet."""

    fields: Mapping[str, Any]
    credential: str
    challenge: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Invalid for what is no such answer."""
        from fido2.utils import websafe_decode

        with _refusing():
            if len(text) > LONGEST_ANSWER:
                raise ValueError("it is too long")
            fields = texts_in(text)
            client = texts_in(websafe_decode(fields["response"]["clientDataJSON"]))
            credential, challenge = fields["rawId"], client["challenge"]
            if not isinstance(credential, str) or not isinstance(challenge, str):
                raise TypeError("an id and a challenge are text")
            return cls(fields, credential, challenge)


@dataclass(frozen=True, slots=True)
class Owner:
    """For whom a passkey is made; `handle` is what their passkeys call them (base64url)."""

    handle: str
    name: str
    full_name: str


def ask_to_make(realm: Realm, owner: Owner, others: Sequence[str]) -> Asked:
    """What a browser is asked that makes a passkey, on a device that has none of `others`;
    and what is kept to check its answer.
    """
    from fido2.utils import websafe_decode
    from fido2.webauthn import (
        PublicKeyCredentialUserEntity,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options, state = _server(realm).register_begin(
        PublicKeyCredentialUserEntity(
            id=websafe_decode(owner.handle),
            name=owner.name,
            display_name=owner.full_name or owner.name,
        ),
        _descriptors(others),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options)["publicKey"], state


def ask_to_sign(realm: Realm, allowed: Sequence[str]) -> Asked:
    """The same of one that signs with one of the `allowed`; with any that it has, without."""
    from fido2.webauthn import UserVerificationRequirement

    options, state = _server(realm).authenticate_begin(
        _descriptors(allowed) or None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options)["publicKey"], state


def new_key(realm: Realm, state: Mapping[str, Any], signed: Signed) -> NewKey:
    """The passkey that was made; Invalid for an answer that does not hold."""
    from fido2.utils import websafe_encode
    from fido2.webauthn import RegistrationResponse

    with _refusing():
        answer = RegistrationResponse.from_dict(signed.fields)
        made = _server(realm).register_complete(state, answer)
        _check_frame(is_elsewhere=answer.response.client_data.cross_origin)
        data = made.credential_data
        if data is None or data.credential_id != answer.raw_id:
            raise ValueError("the id is not the key's")
        if data.public_key.get(3) not in KINDS.values():
            raise ValueError("a kind of key that nobody asked for")
        public = websafe_encode(data)
        if len(public) > LONGEST_KEY:
            raise ValueError("it is too long to be kept")
        return NewKey(websafe_encode(data.credential_id), public, made.counter)


def uses_of(
    realm: Realm,
    state: Mapping[str, Any],
    signed: Signed,
    public: str,
    handles: Collection[str],
) -> int:
    """How often the passkey was used by its own count; Invalid for an answer that does not hold.

    It must name its owner by one of `handles`; "" among them: it need not.
    """
    from fido2.utils import websafe_decode, websafe_encode
    from fido2.webauthn import AttestedCredentialData, AuthenticationResponse

    with _refusing():
        key = AttestedCredentialData(websafe_decode(public))
        answer = AuthenticationResponse.from_dict(signed.fields)
        _server(realm).authenticate_complete(state, [key], answer)
        _check_frame(is_elsewhere=answer.response.client_data.cross_origin)
        if websafe_encode(answer.response.user_handle or b"") not in handles:
            raise ValueError("it names another owner")
        return answer.response.authenticator_data.counter


def is_copy(uses: int, before: int) -> bool:
    """Whether a passkey counts backwards (WebAuthn 3, 6.1.1): somebody uses a copy of it.

    Those that live on several devices of their owner do not count at all: 0.
    """
    return uses <= before and (uses, before) != (0, 0)


def _server(realm: Realm) -> "Fido2Server":
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    server = Fido2Server(
        PublicKeyCredentialRpEntity(name=realm.name, id=realm.host),
        verify_origin=lambda origin: origin == realm.origin,
    )
    server.allowed_algorithms = [
        each for each in server.allowed_algorithms if each.alg in KINDS.values()
    ]
    return server


def _descriptors(credentials: Sequence[str]) -> "list[PublicKeyCredentialDescriptor]":
    from fido2.utils import websafe_decode
    from fido2.webauthn import PublicKeyCredentialDescriptor, PublicKeyCredentialType

    kind = PublicKeyCredentialType.PUBLIC_KEY
    return [
        PublicKeyCredentialDescriptor(type=kind, id=websafe_decode(each))
        for each in credentials
    ]


def _check_frame(*, is_elsewhere: bool) -> None:
    if is_elsewhere:
        raise ValueError("it was signed in a frame of another site")


@contextmanager
def _refusing() -> Iterator[None]:
    """Whatever a parser of another house says about a stranger's bytes: they are refused."""
    try:
        yield
    except Exception as error:
        _log.info("a passkey's answer was refused: %s", error)
        raise Invalid(
            "the passkey's answer does not hold", REFUSED_VI, "passkey"
        ) from error
