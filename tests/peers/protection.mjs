// A resource server's side of UMA 2.0 Federated Authorization, at an authorization server that is the patient's own:
// registration, protection token, resources, tickets, introspection. Sections are those of that specification.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

const ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** A FHIR server on a port of its own: `handle(url, req, res)` answers. Gives its base. */
export async function listen(handle) {
  const server = createServer();
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const base = `http://127.0.0.1:${server.address().port}/fhir`;
  server.on("request", async (req, res) => {
    try {
      await handle(new URL(req.url, base), req, res);
    } catch (error) {
      process.stderr.write(`${error.stack}\n`);
      send(res, { status: 500, body: outcome("exception") });
    }
  });
  return base;
}

export const send = (res, { status, body }, headers) =>
  res.writeHead(status, { "content-type": "application/fhir+json", ...headers }).end(JSON.stringify(body));

const outcome = (code) => ({ resourceType: "OperationOutcome", issue: [{ severity: "error", code }] });

/** The owner has not let this resource server in (yet), or the authorization server does not answer. */
export class Unreachable extends Error {}

export class Protection {
  #key;
  #pat;

  /** Registers under `name` at the authorization server that the patient named. */
  static async join(issuer, name) {
    const self = new Protection();
    self.server = await (await fetch(`${issuer}/.well-known/uma2-configuration`)).json();
    self.name = name;
    const { privateKey, publicKey } = await generateKeyPair("ES256");
    self.#key = privateKey;
    const answer = await fetch(self.server.registration_endpoint, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        client_name: name,
        grant_types: ["client_credentials"],
        token_endpoint_auth_method: "private_key_jwt",
        token_endpoint_auth_signing_alg: "ES256",
        jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: "server", alg: "ES256", use: "sig" }] },
        scope: "uma_protection",
      }),
    });
    const told = await answer.json();
    if (answer.status !== 201) throw new Error(`registration: ${answer.status} ${JSON.stringify(told)}`);
    self.client = told.client_id;
    self.resources = new Map();
    return self;
  }

  /** The protection API token (section 1.3), asked for anew when it is nearly over. */
  async pat() {
    if (this.#pat && this.#pat.until > Date.now()) return this.#pat.token;
    const endpoint = this.server.token_endpoint;
    const assertion = await new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: "ES256", kid: "server" })
      .setIssuer(this.client)
      .setSubject(this.client)
      .setAudience(endpoint)
      .setIssuedAt()
      .setExpirationTime("2m")
      .sign(this.#key);
    const form = { grant_type: "client_credentials", scope: "uma_protection", client_assertion_type: ASSERTION, client_assertion: assertion };
    const answer = await fetch(endpoint, { method: "POST", body: new URLSearchParams(form) });
    const told = await answer.json();
    if (answer.status !== 200) throw new Unreachable(told.error);
    this.#pat = { token: told.access_token, until: Date.now() + (told.expires_in - 10) * 1000 };
    return this.#pat.token;
  }

  async #call(endpoint, method, body) {
    const form = body instanceof URLSearchParams;
    const headers = { authorization: `Bearer ${await this.pat()}` };
    if (body && !form) headers["content-type"] = "application/json";
    const answer = await fetch(endpoint, { method, headers, body: body && !form ? JSON.stringify(body) : body });
    if (answer.status === 401) this.#pat = undefined;
    if (!answer.ok) throw new Unreachable(`${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  }

  /** Puts a resource under the patient's authorization server (section 3.2.1), once; gives its id there. */
  async resource(name, description) {
    if (!this.resources.has(name)) {
      const made = this.#call(this.server.resource_registration_endpoint, "POST", { name, ...description });
      this.resources.set(name, made.then((told) => told._id));
      made.catch(() => this.resources.delete(name));
    }
    return this.resources.get(name);
  }

  /** The list of what is registered (section 3.2.5). */
  listed() {
    return this.#call(this.server.resource_registration_endpoint, "GET");
  }

  /** A ticket for a client that was refused (section 4). */
  async ticket(resource_id, resource_scopes) {
    return (await this.#call(this.server.permission_endpoint, "POST", { resource_id, resource_scopes })).ticket;
  }

  /** What a token permits now (section 5): a list, empty when it permits nothing. */
  async introspect(token) {
    const told = await this.#call(this.server.introspection_endpoint, "POST", new URLSearchParams({ token }));
    if (!told.active) return [];
    const now = Date.now() / 1000;
    return (told.permissions ?? []).filter((one) => !one.exp || one.exp > now);
  }

  /** The refusal of the Grant, section 3.2: 401 with a ticket, or 403 while the authorization server gives none. */
  async refuse(res, resource_id, scope) {
    try {
      const ticket = await this.ticket(resource_id, [scope]);
      const challenge = `UMA realm="${this.name}", as_uri="${this.server.issuer}", ticket="${ticket}"`;
      send(res, { status: 401, body: outcome("login") }, { "www-authenticate": challenge });
    } catch (error) {
      this.#closed(res, error);
    }
  }

  #closed(res, error) {
    if (!(error instanceof Unreachable)) throw error;
    send(res, { status: 403, body: outcome("login") }, { warning: '199 - "UMA Authorization Server Unreachable"' });
  }

  /**
   * Keeps the door: each type of resource is one registered resource, which can be read and searched.
   * `permitted(token)` says what a token permits, `pass(url, res)` answers what is permitted.
   */
  keep(types, { permitted, pass }) {
    return listen(async (url, req, res) => {
      const [, root, type, id] = url.pathname.split("/");
      if (root !== "fhir" || req.method !== "GET" || !types.includes(type)) {
        return send(res, { status: 404, body: outcome("not-found") });
      }
      const scope = id ? "read" : "search";
      try {
        const resource = await this.resource(type, {
          type: `http://hl7.org/fhir/StructureDefinition/${type}`,
          description: `${type} of one patient`,
          resource_scopes: ["read", "search"],
        });
        const token = /^Bearer (.+)$/i.exec(req.headers.authorization ?? "")?.[1];
        if (!token || !permits(await permitted(token), resource, scope)) return await this.refuse(res, resource, scope);
      } catch (error) {
        return this.#closed(res, error);
      }
      return pass(url, res);
    });
  }
}

/** Whether a list of permissions holds one scope at one resource. */
const permits = (permissions, resource_id, scope) =>
  permissions.some((one) => one.resource_id === resource_id && one.resource_scopes.includes(scope));
