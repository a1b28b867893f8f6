"""A SMART app on the `fhirclient` package, which finds the endpoints through `oauth-uris` in `/metadata` alone.

    python fhir_app.py FHIR_BASE [SCOPE]

It registers, asks, waits until somebody approves, and tells what it read and what it was refused.
"""

import sys

from fhirclient import client, server
from fhirclient.models.medicationrequest import MedicationRequest
from fhirclient.models.observation import Observation
from fhirclient.models.patient import Patient

import peer

REDIRECT = "http://127.0.0.1:9/back"
REFUSALS = {
    server.FHIRUnauthorizedException: 401,
    server.FHIRPermissionDeniedException: 403,
    server.FHIRNotFoundException: 404,
}


def main(base, scope):
    settings = {"api_base": base, "redirect_uri": REDIRECT, "scope": scope, "app_id": "none yet"}
    # The package does not register: the endpoint is taken from where it would read the others.
    finder = client.FHIRClient(settings=settings)
    finder.prepare()
    registered = peer.register(
        peer.Http(),
        finder.server.auth.state["registration_uri"],
        client_name="Chart Reader",
        redirect_uris=[REDIRECT],
        grant_types=["authorization_code", "refresh_token"],
        token_endpoint_auth_method="none",
        scope=f"launch/patient {scope}",
    )
    smart = client.FHIRClient(settings=settings | {"app_id": registered["client_id"]})
    smart.prepare()
    peer.say("asks", client=registered["client_id"])
    smart.handle_callback(peer.browse(smart.authorize_url, REDIRECT))
    tell(smart)
    if smart.server.auth.refresh_token:
        peer.say("renewed", done=smart.reauthorize())
    while peer.hear():
        tell(smart)


def tell(smart):
    read, refused = {}, {}

    def every(kind):
        return kind.where({"patient": smart.patient_id}).perform_resources_iter(smart.server)

    questions = {
        "Patient": lambda: [Patient.read(smart.patient_id, smart.server)],
        "Observation": lambda: every(Observation),
        "MedicationRequest": lambda: every(MedicationRequest),
    }
    for name, question in questions.items():
        try:
            read[name] = [one.as_json() for one in question()]
        except tuple(REFUSALS) as refusal:
            refused[name] = REFUSALS[type(refusal)]
    peer.say("told", patient=smart.patient_id, read=read, refused=refused)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "patient/Patient.r patient/Observation.rs offline_access")
