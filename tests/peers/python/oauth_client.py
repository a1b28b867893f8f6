"""An OAuth client on `authlib`: code with PKCE, a refresh token that rotates, revocation, introspection.

    python oauth_client.py FHIR_BASE none|private_key_jwt [SCOPE]

It registers, asks, waits until somebody approves, and tells what each step brought.
"""

import sys
import time

from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

import peer

REDIRECT = "http://127.0.0.1:9/back"


class Assertion(PrivateKeyJWT):
    """`authlib` lets an assertion hold for an hour; SMART App Launch 2.2 ("Authentication JWT claims") for five minutes."""

    def sign(self, auth, token_endpoint):
        self.claims = {"exp": int(time.time()) + 240}
        return super().sign(auth, token_endpoint)


def main(base, method, scope):
    http = peer.Http()
    smart = http(f"{base}/.well-known/smart-configuration").json()
    issuer = smart["issuer"]
    server = http(f"{issuer}/.well-known/oauth-authorization-server").json()
    key = ECKey.generate_key("P-384", {"use": "sig", "alg": "ES384"}, auto_kid=True)
    metadata = {
        "client_name": "Portable Chart",
        "redirect_uris": [REDIRECT],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": method,
        "scope": scope,
    }
    if method == "private_key_jwt":
        metadata |= {"jwks": {"keys": [key.as_dict(private=False)]}, "token_endpoint_auth_signing_alg": "ES384"}
    registered = peer.register(http, server["registration_endpoint"], **metadata)
    session = OAuth2Session(
        client_id=registered["client_id"],
        client_secret=key if method == "private_key_jwt" else None,
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method,
        scope=scope,
        redirect_uri=REDIRECT,
        code_challenge_method="S256",
    )

    session.register_client_auth_method(Assertion(server["token_endpoint"], alg="ES384", headers={"kid": key.kid}))

    verifier, nonce = generate_token(48), generate_token(20)
    url, _state = session.create_authorization_url(
        server["authorization_endpoint"], code_verifier=verifier, nonce=nonce, aud=base
    )
    peer.say("asks", client=registered["client_id"])
    back = peer.browse(url, REDIRECT)
    # RFC 9207: the answer says which server it is from.
    assert f"iss={peer.urllib.parse.quote(issuer, safe='')}" in back, back
    token = session.fetch_token(server["token_endpoint"], authorization_response=back, code_verifier=verifier)
    peer.say("token", **public(token))
    if "id_token" in token:
        peer.say("identity", **identity(http, server, token["id_token"], registered["client_id"], nonce))
    tell(http, base, token)

    if "refresh_token" in token:
        before = dict(token)
        token = session.refresh_token(server["token_endpoint"], refresh_token=token["refresh_token"])
        rotated = token["refresh_token"] != before["refresh_token"]
        peer.say("renewed", rotated=rotated, **public(token))
        tell(http, base, token)

    said = session.introspect_token(server["introspection_endpoint"], token=token["access_token"])
    peer.say("introspected", status=said.status_code, body=said.json())
    said = session.revoke_token(server["revocation_endpoint"], token=token.get("refresh_token") or token["access_token"])
    peer.say("revoked", status=said.status_code)
    tell(http, base, token)
    try:
        session.refresh_token(server["token_endpoint"], refresh_token=token.get("refresh_token"))
        peer.say("renewed after the end")
    except OAuthError as refusal:
        peer.say("refused", error=refusal.error)


def public(token):
    return {name: value for name, value in token.items() if not name.endswith("_token")}


def identity(http, server, id_token, client, nonce):
    """Checks the `id_token` as OpenID Connect Core, section 3.1.3.7, says; gives what it claims."""
    keys = KeySet.import_key_set(http(server["jwks_uri"]).json())
    offered = set(server["id_token_signing_alg_values_supported"]) & {"ES256", "RS256"}
    token = jwt.decode(id_token, keys, algorithms=list(offered))
    rules = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": server["issuer"]},
        aud={"essential": True, "value": client},
        exp={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    rules.validate(token.claims)
    return {"algorithm": token.header["alg"], "claims": token.claims}


def tell(http, base, token):
    answers = {}
    patient = token.get("patient")
    questions = [f"Patient/{patient}", "Observation?_count=1000", "MedicationRequest?_count=1000"]
    for question in questions:
        answer = http(f"{base}/{question}", headers={"Authorization": f"{token['token_type']} {token['access_token']}"})
        answers[question.split("?")[0].split("/")[0]] = answer.told()
    peer.say("told", answers=answers)


if __name__ == "__main__":
    asked = "launch/patient openid fhirUser offline_access patient/Patient.r patient/Observation.rs"
    main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else asked)
