import type { CardView } from '../../ipc';

/** Details of the person that a card may carry besides name and birth date, as the labels of facts. */
const DETAILS: Readonly<Record<string, string>> = {
  gender: 'gender',
  address: 'address',
  telecom: 'telecom',
  identifier: 'identifier',
  communication: 'language',
  deceasedBoolean: 'deceased',
  deceasedDateTime: 'deceased',
};

/**
 * What else of the person stands in a card: labels of facts. Whoever scans it reads the whole card, so the page that
 * shows it must name these too.
 */
export function otherDetails(card: Pick<CardView, 'payload'>): readonly string[] {
  const found = new Set<string>();
  for (const patient of patientsIn(parse(card.payload), 0)) {
    for (const member of Object.keys(patient)) {
      const label = DETAILS[member];
      if (label) found.add(label);
    }
  }
  return [...found];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const DEEPEST = 12;

function patientsIn(value: unknown, depth: number): readonly Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return [];
  const inside = Object.values(value).flatMap((member) => patientsIn(member, depth + 1));
  const record = value as Record<string, unknown>;
  return record['resourceType'] === 'Patient' ? [record, ...inside] : inside;
}
