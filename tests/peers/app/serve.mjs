// A caregiver's SMART app on `fhirclient`, as its makers would serve it: three static files, and a registration (RFC 7591)
// at the authorization server that the FHIR server names.
//
//     node app/serve.mjs FHIR_BASE [SCOPE] [QUESTION…]
//
// QUESTIONs are what it asks once it may, such as `Observation?_count=5`; `{patient}` stands for the patient in context.
// One line of JSON is printed when it is ready: {launch, client, origin}. Open `launch` in a browser.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";

const [base, scope, ...asked] = process.argv.slice(2);
const settings = {
  iss: base,
  scope: scope || "launch/patient openid fhirUser offline_access patient/Patient.r patient/Observation.rs",
  questions: asked.length ? asked : ["Patient/{patient}", "Observation", "MedicationRequest?patient={patient}"],
};

const here = new URL("./", import.meta.url);
const library = new URL("../node_modules/fhirclient/build/fhir-client.js", here);
const files = {
  "/": ["text/html", new URL("index.html", here)],
  "/launch": ["text/html", new URL("launch.html", here)],
  "/app.js": ["text/javascript", new URL("app.js", here)],
  "/fhir-client.js": ["text/javascript", library],
};

const server = createServer(async (req, res) => {
  const { pathname } = new URL(req.url, "http://app");
  if (pathname === "/settings") {
    return res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(settings));
  }
  const found = files[pathname];
  if (!found) return res.writeHead(404).end();
  res.writeHead(200, { "content-type": `${found[0]}; charset=utf-8` }).end(await readFile(found[1]));
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const origin = `http://127.0.0.1:${server.address().port}`;

const smart = await (await fetch(`${base}/.well-known/smart-configuration`)).json();
const answer = await fetch(smart.registration_endpoint, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({
    client_name: "Family Helper",
    redirect_uris: [`${origin}/`],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
    scope: settings.scope,
  }),
});
const client = await answer.json();
if (answer.status !== 201) throw new Error(`registration: ${answer.status} ${JSON.stringify(client)}`);
settings.clientId = client.client_id;

// Whoever started it holds its standard input; when that closes, it ends.
process.stdin.on("end", () => process.exit(0)).resume();
process.stdout.write(`${JSON.stringify({ launch: `${origin}/launch`, client: client.client_id, origin })}\n`);
