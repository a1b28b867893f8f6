// A hospital's FHIR server whose door is kept by the patient's own authorization server: UMA federation, introspection at
// every request. Medplum in memory answers.
//
//     node hospital.mjs AUTHORIZATION_SERVER BUNDLE
//
// One line of JSON is printed when it is ready: {base, client, patient, counts}. Until the owner has let it in, it refuses
// everybody. Each line on standard input prints what it has registered: {resources}.
import { createInterface } from "node:readline";
import { answer, repository } from "./fhir.mjs";
import { Protection, send } from "./protection.mjs";

const [issuer, file] = process.argv.slice(2);
const { store, types, counts } = await repository([file]);
const patient = (await store.search({ resourceType: "Patient" })).entry[0].resource.id;
const protection = await Protection.join(issuer, "Larkspur Hospital");

const base = await protection.keep(types, {
  permitted: (token) => protection.introspect(token),
  async pass(url, res) {
    if (!url.pathname.split("/")[3]) url.searchParams.set("patient", patient);
    send(res, await answer(store, base, url, patient));
  },
});

const lines = createInterface({ input: process.stdin });
lines.on("line", async () => process.stdout.write(`${JSON.stringify({ resources: await protection.listed() })}\n`));
// Whoever started it holds its standard input; when that closes, it ends.
lines.on("close", () => process.exit(0));
process.stdout.write(`${JSON.stringify({ base, client: protection.client, patient, counts })}\n`);
