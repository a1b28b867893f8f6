// A SMART on FHIR server whose parts are other people's: `oidc-provider` signs people in, Medplum's repository answers.
//
//     node smart-server.mjs [--other-keys] SECONDS BUNDLE…
//
// Each bundle is a record; its patient's id is also the login. Access tokens live SECONDS. With `--other-keys` the keys
// it publishes are not those it signs with. One line of JSON is printed when it is ready: {base, issuer, seen}. `seen`
// says what the provider itself knows of the tokens it gave.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { errors, Provider } from "oidc-provider";
import { answer, capability, refusal, repository } from "./fhir.mjs";

const words = process.argv.slice(2);
const otherKeys = words.includes("--other-keys");
const [seconds, ...files] = words.filter((word) => !word.startsWith("--"));
const { store, types } = await repository(files);
const patients = await store.search({ resourceType: "Patient" });
const ids = patients.entry.map((e) => e.resource.id);

const server = createServer();
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `http://127.0.0.1:${server.address().port}`;
const base = `${issuer}/fhir`;

const scopes = ["openid", "fhirUser", "offline_access", "launch/patient", ...types.map((type) => `patient/${type}.rs`)];
const pair = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const named = (key) => ({ ...key.export({ format: "jwk" }), alg: "RS256", use: "sig", kid: "peer" });
const given = { access: [], refresh: [], identities: 0, grants: {}, clients: [], authentication: [] };

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "satchel",
      application_type: "native",
      token_endpoint_auth_method: "none",
      redirect_uris: ["http://127.0.0.1/callback"],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
    },
  ],
  jwks: { keys: [named(pair().privateKey)] },
  cookies: { keys: [randomBytes(16).toString("hex")] },
  scopes,
  claims: { openid: ["sub"], fhirUser: ["fhirUser"] },
  conformIdTokenClaims: false,
  clientAuthMethods: ["none", "private_key_jwt"],
  enabledJWA: { clientAuthSigningAlgValues: ["ES384", "ES256", "RS256"] },
  extraParams: {
    // SMART App Launch 2.2, "Obtain authorization code": `aud` is the FHIR server the app will ask.
    aud(_ctx, value) {
      if (value !== base) throw new errors.InvalidRequest("aud is not this server");
    },
  },
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true },
    registration: { enabled: true },
    revocation: { enabled: true },
  },
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, fhirUser: `${base}/Patient/${id}` }),
  }),
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  ttl: {
    AccessToken: Number(seconds),
    AuthorizationCode: 60,
    Grant: 3600,
    IdToken: 600,
    Interaction: 600,
    RefreshToken: 3600,
    Session: 3600,
  },
});

provider.use(async (ctx, next) => {
  // OpenID Connect Core, section 11, gives a refresh token only to who asks with `prompt=consent`; SMART knows no
  // prompt. Consent is asked for in any case here.
  if (ctx.path === "/auth" && ctx.query.scope?.includes("offline_access")) {
    ctx.query = { ...ctx.query, prompt: "consent" };
  }
  await next();
  if (ctx.oidc?.route !== "token" || ctx.status !== 200) return;
  // SMART App Launch 2.2, "Launch context arrives with your access_token".
  const token = await provider.AccessToken.find(ctx.body.access_token);
  ctx.body = { ...ctx.body, patient: token.accountId, need_patient_banner: true };
  given.access.push(ctx.body.access_token);
  given.refresh.push(ctx.body.refresh_token);
  given.identities += ctx.body.id_token ? 1 : 0;
  const kind = ctx.oidc.params.grant_type;
  given.grants[kind] = (given.grants[kind] ?? 0) + 1;
  given.clients.push(ctx.oidc.client.clientId);
  given.authentication.push(ctx.oidc.client.clientAuthMethod);
});

const page = (title, action, fields, button) =>
  `<!doctype html><title>${title}</title><form method="post" action="${action}">${fields}<button>${button}</button></form>`;

async function interaction(req, res) {
  const { uid, prompt, params, session, grantId } = await provider.interactionDetails(req, res);
  if (req.method !== "POST") {
    const fields = prompt.name === "login" ? '<input name="login">' : '<input name="allow" value="yes" type="hidden">';
    res.setHeader("content-type", "text/html");
    return res.end(page(prompt.name, `/interaction/${uid}`, fields, "Go on"));
  }
  if (prompt.name === "login") {
    const accountId = new URLSearchParams(await text(req)).get("login");
    const result = ids.includes(accountId) ? { login: { accountId } } : { error: "access_denied" };
    return provider.interactionFinished(req, res, result);
  }
  const accountId = session.accountId;
  const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const consent = { grantId: await grant.save() };
  return provider.interactionFinished(req, res, { consent }, { mergeWithLastSubmission: true });
}

async function configuration() {
  const openid = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
  const capabilities = [
    "launch-standalone",
    "client-public",
    "client-confidential-asymmetric",
    "sso-openid-connect",
    "context-standalone-patient",
    "permission-offline",
    "permission-patient",
    "permission-v2",
  ];
  return { ...openid, capabilities, ...(otherKeys && { jwks_uri: `${issuer}/other-keys` }) };
}

async function fhir(url, authorization) {
  if (url.pathname === "/fhir/.well-known/smart-configuration") return { status: 200, body: await configuration() };
  if (url.pathname === "/fhir/metadata") return { status: 200, body: capability(types) };
  const token = await provider.AccessToken.find(authorization?.replace("Bearer ", "") ?? "");
  if (!token?.isValid) return refusal(401, "login");
  const type = url.pathname.split("/")[2];
  if (!token.scopes.has(`patient/${type}.rs`)) return refusal(403, "forbidden");
  return answer(store, base, url, token.accountId);
}

/** What the provider knows: of all tokens it gave, how many it still takes. */
async function seen() {
  const live = async (model, tokens) => {
    const found = await Promise.all(tokens.filter(Boolean).map((token) => model.find(token)));
    return found.filter((token) => token?.isValid && !token.consumed).length;
  };
  return {
    grants: given.grants,
    identities: given.identities,
    clients: [...new Set(given.clients)],
    authentication: [...new Set(given.authentication)],
    liveAccess: await live(provider.AccessToken, given.access),
    liveRefresh: await live(provider.RefreshToken, given.refresh),
  };
}

async function text(req) {
  let body = "";
  for await (const chunk of req) body += chunk;
  return body;
}

const openid = provider.callback();
server.on("request", async (req, res) => {
  try {
    const url = new URL(req.url, issuer);
    if (url.pathname.startsWith("/interaction/")) return await interaction(req, res);
    if (url.pathname === "/other-keys") return res.end(JSON.stringify({ keys: [named(pair().publicKey)] }));
    if (url.pathname === "/seen") return res.end(JSON.stringify(await seen()));
    if (!url.pathname.startsWith("/fhir/")) return await openid(req, res);
    const { status, body } = await fhir(url, req.headers.authorization);
    const type = body.resourceType ? "application/fhir+json" : "application/json";
    res.writeHead(status, { "content-type": type }).end(JSON.stringify(body));
  } catch (error) {
    process.stderr.write(`${error.stack}\n`);
    res.writeHead(500).end();
  }
});
// Whoever started it holds its standard input; when that closes, it ends.
process.stdin.on("end", () => process.exit(0)).resume();
process.stdout.write(`${JSON.stringify({ base, issuer, seen: `${issuer}/seen` })}\n`);
