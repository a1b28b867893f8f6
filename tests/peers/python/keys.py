"""Keys of the programs here, on `jwcrypto`; and decentralized identifiers made from them (did:key, did:jwk)."""

import base64
import json
import secrets
import time

from jwcrypto import jwk, jws

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
KINDS = {
    "ES256": {"kty": "EC", "crv": "P-256"},
    "ES384": {"kty": "EC", "crv": "P-384"},
    "RS384": {"kty": "RSA", "size": 2048},
    "EdDSA": {"kty": "OKP", "crv": "Ed25519"},
}


class Key:
    def __init__(self, algorithm):
        self.algorithm = algorithm
        self.jwk = jwk.JWK.generate(**KINDS[algorithm])
        self.kid = self.jwk.thumbprint()

    def public(self):
        return json.loads(self.jwk.export_public()) | {"kid": self.kid, "alg": self.algorithm, "use": "sig"}

    def sign(self, claims, kid=None, **header):
        token = jws.JWS(json.dumps(claims))
        header = {"alg": self.algorithm, "kid": kid or self.kid, "typ": "JWT"} | header
        token.add_signature(self.jwk, None, json.dumps(header), None)
        return token.serialize(compact=True)

    def assertion(self, client, audience, lifetime=120):
        """RFC 7523, section 2.2, as SMART Backend Services narrows it."""
        now = int(time.time())
        claims = {"iss": client, "sub": client, "aud": audience, "iat": now, "exp": now + lifetime}
        return self.sign(claims | {"jti": secrets.token_urlsafe(16)})

    def authentication(self, client, audience):
        """The two form fields that authenticate a client with this key."""
        kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        return {"client_assertion_type": kind, "client_assertion": self.assertion(client, audience)}

    def did(self, method):
        """This key as a `did:key` (Ed25519) or a `did:jwk`; and the id of its verification method."""
        if method == "jwk":
            public = json.dumps(json.loads(self.jwk.export_public()), separators=(",", ":"))
            did = "did:jwk:" + base64.urlsafe_b64encode(public.encode()).decode().rstrip("=")
            return did, f"{did}#0"
        x = json.loads(self.jwk.export_public())["x"]
        # Multicodec ed25519-pub, then the key; base58btc.
        name = "z" + base58(b"\xed\x01" + base64.urlsafe_b64decode(x + "=="))
        return f"did:key:{name}", f"did:key:{name}#{name}"


def base58(data):
    number, out = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        out = BASE58[rest] + out
    return BASE58[0] * (len(data) - len(data.lstrip(b"\0"))) + out
