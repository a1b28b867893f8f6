// An issuer of health cards that is not ours: issues one card, publishes its key below its own address, and prints one
// line {issuer, jws, file, numeric, picture, foreign} ("foreign" names the issuer and is signed with another key).
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { SHCIssuer, deriveKidFromPublicKey } from "kill-the-clipboard";

const server = createServer();
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

function keys() {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { privateKey: pair.privateKey.export({ format: "jwk" }), publicKey: pair.publicKey.export({ format: "jwk" }) };
}

const own = keys();
const kid = await deriveKidFromPublicKey(own.publicKey);
const jwks = { keys: [{ ...own.publicKey, kid, use: "sig", alg: "ES256" }] };
server.on("request", (req, res) => {
  const found = req.url === "/.well-known/jwks.json";
  res.writeHead(found ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(found ? jwks : {}));
});

const bundle = {
  resourceType: "Bundle",
  type: "collection",
  entry: [
    {
      fullUrl: "https://example.org/fhir/Patient/1",
      resource: { resourceType: "Patient", id: "1", name: [{ family: "Ødegård", given: ["Jørn"] }], birthDate: "1951-01-20" },
    },
    {
      fullUrl: "https://example.org/fhir/Immunization/2",
      resource: {
        resourceType: "Immunization",
        id: "2",
        status: "completed",
        vaccineCode: { coding: [{ system: "http://hl7.org/fhir/sid/cvx", code: "207" }] },
        patient: { reference: "Patient/1" },
        occurrenceDateTime: "2021-01-01",
      },
    },
  ],
};
const params = { includeAdditionalTypes: ["https://smarthealth.cards#immunization"] };
const issue = (pair) => new SHCIssuer({ issuer, ...pair }).issue(bundle, params);
const card = await issue(own);
const foreign = await issue(keys());
const [picture] = await card.asQR({ enableChunking: false, encodeOptions: { errorCorrectionLevel: "L" } });
const line = {
  issuer,
  jws: card.asJWS(),
  file: await card.asFileContent(),
  numeric: card.asQRNumeric({ enableChunking: false }),
  picture,
  foreign: foreign.asJWS(),
};
process.stdin.on("end", () => process.exit(0)).resume();
process.stdout.write(`${JSON.stringify(line)}\n`);
