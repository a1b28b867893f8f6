"""A study's backend client (SMART Backend Services): `client_credentials` with an assertion signed by its key.

    python backend_client.py FHIR_BASE ES384|RS384 inline|url [SCOPE]

Keys are registered inline, or by the address where it publishes them. It asks for a token, is told that nobody approved
it yet, waits for a line on standard input, and asks again; after each further line it asks for data with the token it has.
"""

import http.server
import json
import sys
import threading

import peer
from keys import Key


def main(base, algorithm, where, scope):
    http, key = peer.Http(), Key(algorithm)
    smart = http(f"{base}/.well-known/smart-configuration").json()
    endpoint = smart["token_endpoint"]
    keys = {"jwks": {"keys": [key.public()]}} if where == "inline" else {"jwks_uri": publish(key)}
    registered = peer.register(
        http,
        smart["registration_endpoint"],
        client_name="Lake District Study",
        grant_types=["client_credentials"],
        token_endpoint_auth_method="private_key_jwt",
        token_endpoint_auth_signing_alg=algorithm,
        scope=scope,
        **keys,
    )
    client = registered["client_id"]
    peer.say("registered", client=client)

    def ask(with_key=key, **more):
        form = {"grant_type": "client_credentials", "scope": scope} | with_key.authentication(client, endpoint)
        answer = http(endpoint, form=form | more)
        return answer, form

    peer.say("before", **ask()[0].told())
    peer.say("foreign key", **ask(with_key=Key(algorithm))[0].told())
    peer.hear()
    answer, form = ask()
    token = answer.json()
    peer.say("after", status=answer.status, body={k: v for k, v in token.items() if k != "access_token"})
    peer.say("replayed", **http(endpoint, form=form).told())
    while True:
        answers = {}
        for question in ["Patient", "Observation", "MedicationRequest"]:
            allowed = {"Authorization": f"Bearer {token.get('access_token')}"}
            answers[question] = http(f"{base}/{question}?_count=1000", headers=allowed).told()
        peer.say("told", answers=answers)
        peer.hear()


def publish(key):
    """Publishes the key on this computer; gives the address."""

    class Publisher(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps({"keys": [key.public()]}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Publisher)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/jwks.json"


if __name__ == "__main__":
    main(*sys.argv[1:4], sys.argv[4] if len(sys.argv) > 4 else "system/Patient.r system/Observation.rs")
