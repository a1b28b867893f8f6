// Asks Medplum's in-memory repository questions about resources.
// Standard input: {"resources": [resource], "questions": ["Type?key=value"]};
// standard output: [{"ids": [id]} or {"error": text}], one for each question.
import { readFileSync } from "node:fs";
import { repository } from "./fhir.mjs";

const { parseSearchRequest } = await import("@medplum/core");
const { resources, questions } = JSON.parse(readFileSync(0, "utf8"));
const { store } = await repository([]);
await store.withSeeding(async () => {
  for (const resource of resources) await store.createResource(resource);
});
const answers = [];
for (const question of questions) {
  try {
    const found = await store.search({ ...parseSearchRequest(question), count: 100000, offset: 0 });
    answers.push({ ids: (found.entry ?? []).map((entry) => entry.resource.id) });
  } catch (error) {
    answers.push({ error: String(error.message ?? error) });
  }
}
process.stdout.write(JSON.stringify(answers));
