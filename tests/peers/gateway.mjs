// A gateway as an appliance has one: stands before a FHIR server that knows nothing of tokens, trusts those that the
// patient's authorization server signed, and asks nobody about them. What it lets through stands in the token.
//
//     node gateway.mjs AUTHORIZATION_SERVER BUNDLE
//
// The FHIR server behind it (Medplum in memory, an address of its own) holds the bundle. One line of JSON is printed when
// it is ready: {base, client, patient, counts}.
import { createRemoteJWKSet, jwtVerify } from "jose";
import { answer, repository } from "./fhir.mjs";
import { Protection, listen, send } from "./protection.mjs";

const [issuer, file] = process.argv.slice(2);
const { store, types, counts } = await repository([file]);
const patient = (await store.search({ resourceType: "Patient" })).entry[0].resource.id;
const protection = await Protection.join(issuer, "Gateway of the valley");
const keys = createRemoteJWKSet(new URL(protection.server.jwks_uri));

const behind = await listen(async (url, _req, res) => send(res, await answer(store, behind, url, patient)));

const rules = {
  issuer: protection.server.issuer,
  audience: protection.client,
  typ: "at+jwt",
  algorithms: ["EdDSA", "ES256"],
  requiredClaims: ["exp", "iat", "jti", "client_id"],
};

const base = await protection.keep(types, {
  async permitted(token) {
    const read = await jwtVerify(token, keys, rules).catch(() => undefined);
    return read?.payload.permissions ?? [];
  },
  async pass(url, res) {
    if (!url.pathname.split("/")[3]) url.searchParams.set("patient", patient);
    const passed = await fetch(`${behind}${url.pathname.slice("/fhir".length)}${url.search}`);
    send(res, { status: passed.status, body: await passed.json() });
  },
});
// Whoever started it holds its standard input; when that closes, it ends.
process.stdin.on("end", () => process.exit(0)).resume();
process.stdout.write(`${JSON.stringify({ base, client: protection.client, patient, counts })}\n`);
