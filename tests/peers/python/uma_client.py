"""A UMA 2.0 client, written from the specification alone: somebody who is not the patient asks for a resource.

    python uma_client.py [--elsewhere ADDRESS]… CLAIMS RESOURCE [RESOURCE…]

CLAIMS is how it says who is asking:
    id-token=ISSUER=LOGIN   signs in at an OpenID provider and pushes the id_token
    did-key, did-jwk        pushes a statement signed by a decentralized identifier made here
    browser                 sends the person to the claims interaction endpoint
Sections are those of "User-Managed Access (UMA) 2.0 Grant for OAuth 2.0 Authorization". The first RESOURCE is asked for,
each later one extends what was granted. What was granted is then tried at each address ELSEWHERE, where it must open
nothing. After that each line on standard input makes it ask for all of them again.
"""

import argparse
import base64
import hashlib
import re
import secrets
import sys
import time
import urllib.parse

import peer
from keys import Key

GRANT = "urn:ietf:params:oauth:grant-type:uma-ticket"
ID_TOKEN = "http://openid.net/specs/openid-connect-core-1_0.html#IDToken"
BACK = "http://127.0.0.1:9/claims"
PATIENCE = 120


class Client:
    def __init__(self, claims):
        self.http, self.key, self.claims = peer.Http(), Key("ES256"), claims
        self.server = self.client = self.rpt = self.pct = None
        self.identity = None

    def get(self, url, bare=False):
        headers = {"Accept": "application/fhir+json"}
        if self.rpt and not bare:
            headers["Authorization"] = f"Bearer {self.rpt}"
        return self.http(url, headers=headers)

    def meet(self, as_uri):
        """Discovery (section 2) and registration, at the first server that is named."""
        if self.server:
            return
        self.server = self.http(f"{as_uri.rstrip('/')}/.well-known/uma2-configuration").json()
        self.client = peer.register(
            self.http,
            self.server["registration_endpoint"],
            client_name="Notes of a sister",
            grant_types=[GRANT],
            token_endpoint_auth_method="private_key_jwt",
            token_endpoint_auth_signing_alg="ES256",
            jwks={"keys": [self.key.public()]},
            claims_redirect_uris=[BACK],
            redirect_uris=[BACK],
        )["client_id"]
        peer.say("registered", client=self.client)

    def token(self, ticket, **more):
        """Section 3.3.1."""
        endpoint = self.server["token_endpoint"]
        form = {"grant_type": GRANT, "ticket": ticket} | self.key.authentication(self.client, endpoint)
        if self.rpt:
            form["rpt"] = self.rpt
        if self.pct:
            form["pct"] = self.pct
        return self.http(endpoint, form=form | more)

    def obtain(self, url):
        """From a refusal (section 3.2) to a token (section 3.3.5), whatever lies between."""
        refusal = self.get(url)
        if refusal.status == 403:
            # RFC 6750, section 3.1: the token is good, for something else. Without it there is a ticket.
            refusal = self.get(url, bare=True)
        challenge = uma_challenge(refusal)
        peer.say("challenge", status=refusal.status, as_uri=challenge["as_uri"], ticket=bool(challenge["ticket"]))
        self.meet(challenge["as_uri"])
        ticket, more, end = challenge["ticket"], {}, time.monotonic() + PATIENCE
        while time.monotonic() < end:
            answer = self.token(ticket, **more)
            body, more = answer.json(), {}
            if answer.status == 200:
                self.rpt, self.pct = body["access_token"], body.get("pct", self.pct)
                shown = {name: value for name, value in body.items() if name not in ("access_token", "refresh_token", "pct")}
                peer.say("rpt", pct="pct" in body, body=shown)
                peer.say("old ticket", **self.token(ticket).told())
                return
            error = body.get("error")
            peer.say(error, status=answer.status, **{k: v for k, v in body.items() if k not in ("error", "ticket")})
            if error not in ("need_info", "request_submitted"):
                return
            if body["ticket"] == ticket:
                raise SystemExit("the ticket did not rotate")
            ticket = body["ticket"]
            if error == "need_info" and self.claims == "browser":
                ticket = self.gather(body.get("redirect_user") or self.server["claims_interaction_endpoint"], ticket)
            elif error == "need_info":
                more = self.push(body.get("required_claims", []))
            else:
                time.sleep(float(body.get("interval", 2)))
        raise SystemExit("nobody decides")

    def push(self, required):
        """Section 3.3.1, pushed claims."""
        formats = [name for one in required for name in one.get("claim_token_format", [])]
        if self.claims.startswith("id-token"):
            _, issuer, login = self.claims.split("=", 2)
            return {"claim_token": self.sign_in(issuer, login), "claim_token_format": ID_TOKEN}
        other = [name for name in formats if name != ID_TOKEN]
        if not other:
            raise SystemExit(f"no other format than an id_token is accepted: {required}")
        return {"claim_token": self.statement(), "claim_token_format": other[0]}

    def statement(self):
        """Says "it is me who asks" under a decentralized identifier, to this authorization server only."""
        if self.identity is None:
            method = self.claims.removeprefix("did-")
            key = Key("EdDSA" if method == "key" else "ES256")
            self.identity = key, *key.did(method)
            peer.say("identity", did=self.identity[1])
        key, did, kid = self.identity
        now = int(time.time())
        claims = {"iss": did, "sub": did, "aud": self.server["issuer"], "iat": now, "exp": now + 120}
        unique = secrets.token_urlsafe(16)
        return key.sign(claims | {"jti": unique, "nonce": unique}, kid=kid)

    def sign_in(self, issuer, login):
        """An OpenID Connect code flow with PKCE at the issuer, as the client that the issuer knows under our name."""
        provider = self.http(f"{issuer}/.well-known/openid-configuration").json()
        verifier, nonce = secrets.token_urlsafe(40), secrets.token_urlsafe(16)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        known = peer.register(
            self.http,
            provider["registration_endpoint"],
            software_id=self.client,
            redirect_uris=[BACK],
            application_type="native",
            token_endpoint_auth_method="none",
        )
        query = {
            "client_id": known["client_id"],
            "response_type": "code",
            "redirect_uri": BACK,
            "scope": "openid profile email",
            "state": nonce,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        url = f"{provider['authorization_endpoint']}?{urllib.parse.urlencode(query)}"
        back = peer.browse(url, BACK, answers={"login": login})
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(back).query)["code"][0]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": verifier}
        return self.http(provider["token_endpoint"], form=form | {"client_id": known["client_id"]}).json()["id_token"]

    def gather(self, endpoint, ticket):
        """Section 3.3.2: the person goes to the authorization server and comes back with another ticket."""
        state = secrets.token_urlsafe(16)
        query = {"client_id": self.client, "ticket": ticket, "claims_redirect_uri": BACK, "state": state}
        joint = "&" if "?" in endpoint else "?"
        back = peer.browse(f"{endpoint}{joint}{urllib.parse.urlencode(query)}", BACK)
        said = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))
        peer.say("gathered", state=said.get("state") == state, rotated=said.get("ticket") not in (None, ticket))
        return said["ticket"]


def uma_challenge(answer):
    """Section 3.2.1: the parameters of `WWW-Authenticate: UMA …`."""
    for header in answer.headers.get_all("WWW-Authenticate") or []:
        if "UMA" in header:
            # Other schemes may stand in the same header.
            said = dict(re.findall(r'(\w+)="([^"]*)"', header.split("UMA", 1)[1]))
            if "ticket" in said and "as_uri" in said:
                return said
    raise SystemExit(f"no UMA challenge: {answer.told()} {dict(answer.headers)}")


def main(arguments):
    options = argparse.ArgumentParser()
    options.add_argument("--elsewhere", action="append", default=[])
    options.add_argument("claims")
    options.add_argument("resource", nargs="+")
    options = options.parse_args(arguments)
    client, asked = Client(options.claims), []
    for resource in options.resource:
        client.obtain(resource)
        asked.append(resource)
        tell(client, asked)
    if options.elsewhere:
        peer.say("elsewhere", answers={url: client.get(url).told() for url in options.elsewhere})
    while peer.hear() is not None:
        tell(client, asked)


def tell(client, asked):
    peer.say("told", answers={url: client.get(url).told() for url in asked})


if __name__ == "__main__":
    main(sys.argv[1:])
