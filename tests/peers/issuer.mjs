// An OpenID provider that says who somebody is: `oidc-provider`, unchanged. Whom the owner trusts as an issuer of claims.
//
//     node issuer.mjs
//
// Anyone signs in by writing a name; the subject is that name. Clients register by themselves; one that names its
// `software_id` is known under it. One line of JSON is printed when it is ready: {issuer}.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const server = createServer();
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const provider = new Provider(issuer, {
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), alg: "ES256", use: "sig", kid: "issuer" }] },
  cookies: { keys: [randomBytes(16).toString("hex")] },
  claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
  conformIdTokenClaims: false,
  clientAuthMethods: ["none"],
  clientDefaults: { id_token_signed_response_alg: "ES256" },
  enabledJWA: { idTokenSigningAlgValues: ["ES256"] },
  extraClientMetadata: { properties: ["software_id"] },
  features: {
    devInteractions: { enabled: false },
    registration: { enabled: true, idFactory: (ctx) => ctx.oidc.body?.software_id ?? randomBytes(16).toString("hex") },
  },
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: id, email: `${id}@example.org`, email_verified: true }),
  }),
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 600, IdToken: 300, Interaction: 300, Session: 300 },
});

async function interaction(req, res) {
  const { uid, prompt, params, session } = await provider.interactionDetails(req, res);
  if (req.method !== "POST") {
    const field = prompt.name === "login" ? '<label>Name <input name="login"></label>' : "";
    const form = `<form method="post" action="/interaction/${uid}">${field}<button>Go on</button></form>`;
    return res.setHeader("content-type", "text/html").end(`<!doctype html><title>${prompt.name}</title>${form}`);
  }
  let body = "";
  for await (const chunk of req) body += chunk;
  if (prompt.name === "login") {
    return provider.interactionFinished(req, res, { login: { accountId: new URLSearchParams(body).get("login") } });
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } });
}

const openid = provider.callback();
server.on("request", async (req, res) => {
  try {
    await (req.url.startsWith("/interaction/") ? interaction(req, res) : openid(req, res));
  } catch (error) {
    process.stderr.write(`${error.stack}\n`);
    res.writeHead(500).end();
  }
});
// Whoever started it holds its standard input; when that closes, it ends.
process.stdin.on("end", () => process.exit(0)).resume();
process.stdout.write(`${JSON.stringify({ issuer })}\n`);
