import type { Kind } from '../../ipc';
import type { IconName } from '../../parts/icons';

const ICONS: Readonly<Record<Kind, IconName>> = {
  lab: 'lab',
  vital: 'heart',
  medication: 'pill',
  condition: 'record',
  allergy: 'leaf',
  immunization: 'syringe',
  procedure: 'scissors',
  visit: 'visit',
  document: 'document',
  report: 'document',
  carePlan: 'plan',
  claim: 'coins',
  people: 'people',
  other: 'box',
};

/** The icon that stands beside the words of a kind. */
export function kindIcon(kind: Kind): IconName {
  return ICONS[kind];
}
