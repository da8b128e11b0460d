"""A device with passkeys, in software: what a browser and its chip answer, and what a thief would."""

import json
import secrets

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

ORIGIN = "https://loa.example"
FLAG = AuthenticatorData.FLAG
HERE = FLAG.UP | FLAG.UV


class Authenticator:
    """One device, and the browser on it.

    `counts` is by how much its counter goes on with each use: 0 for a passkey that lives on several
    devices. `origin` is the page that the browser shows; `flags` say whether its owner was known.
    """

    def __init__(self, counts=1, origin=ORIGIN):
        self.counts, self.origin, self.uses = counts, origin, 0
        self.flags, self.framed = HERE, False
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.handle = ""

    def create(self, asked):
        """A new passkey, as the server asked for it."""
        self.handle = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())
        made = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        data = self._data(asked["rp"]["id"], FLAG.AT, made)
        client = self._client("webauthn.create", asked)
        attested = AttestationObject.create("none", data, {})
        return self._answer(
            clientDataJSON=client.b64, attestationObject=websafe_encode(attested)
        )

    def get(self, asked):
        """What was asked, signed."""
        data = self._data(asked["rpId"])
        client = self._client("webauthn.get", asked)
        signature = self.key.sign(data + client.hash, ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=client.b64,
            authenticatorData=websafe_encode(data),
            signature=websafe_encode(signature),
            userHandle=self.handle,
        )

    def knows(self, asked):
        """Whether it has what the server would take."""
        allowed = asked.get("allowCredentials")
        return not allowed or self.id in [
            websafe_decode(each["id"]) for each in allowed
        ]

    def _data(self, host, more=0, made=b""):
        self.uses += self.counts
        return AuthenticatorData.create(
            sha256(host.encode()), self.flags | more, self.uses, made
        )

    def _client(self, kind, asked):
        return CollectedClientData.create(
            kind, asked["challenge"], self.origin, self.framed
        )

    def _answer(self, **response):
        name = websafe_encode(self.id)
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": response}
        )
