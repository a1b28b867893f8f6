// Reads {"jws" or "numeric": …, "jwks": …} from standard input, lets an independent implementation verify the card, and
// prints {"verified": true, "kid", "issuer", "bundle"} or {"verified": false, "error"}. "numeric" is a list of `shc:/…`.
import { SHCReader } from "kill-the-clipboard";

let text = "";
for await (const chunk of process.stdin) text += chunk;

function answer(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function read({ jws, numeric }, publicKey) {
  const reader = new SHCReader({ publicKey, useVciDirectory: false });
  return jws ? reader.fromJWS(jws) : reader.fromQRNumeric(numeric);
}

try {
  const asked = JSON.parse(text);
  const part = (jws, at) => Buffer.from(jws.split(".")[at], "base64url");
  const kidOf = (jws) => JSON.parse(part(jws, 0).toString("utf8")).kid;
  const fits = (key) => !asked.jws || key.kid === kidOf(asked.jws);
  const keys = asked.jwks.keys.filter(fits);
  if (keys.length === 0) throw new Error("no key of that kid");
  const card = await Promise.any(keys.map((key) => read(asked, key))).catch((all) => Promise.reject(all.errors[0]));
  const bundle = await card.asBundle();
  const { inflateRawSync } = await import("node:zlib");
  const { iss } = JSON.parse(inflateRawSync(part(card.asJWS(), 1)).toString("utf8"));
  answer({ verified: true, kid: kidOf(card.asJWS()), issuer: iss, bundle });
} catch (error) {
  answer({ verified: false, error: error.name ?? String(error) });
}
