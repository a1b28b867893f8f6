import { factLabel, t } from '../../words';

/** Members of FHIR resources that point to other items, so that they have words of ours in each language. */
const MEMBERS = [
  'account', 'actor', 'addresses', 'agent', 'asserter', 'basedOn', 'careManager', 'careTeam', 'coverage', 'context',
  'derivedFrom', 'encounter', 'endpoint', 'enterer', 'entity', 'evidence', 'facility', 'hasMember', 'imagingStudy', 'individual',
  'location', 'managingOrganization', 'media', 'medicationReference', 'member', 'onBehalfOf', 'partOf', 'payor', 'practitioner',
  'prescription', 'provider', 'providedBy', 'reasonReference', 'recorder', 'requester', 'result', 'resultsInterpreter', 'serviceProvider',
  'source', 'supportingInformation', 'what', 'who',
] as const;

/** How an item belongs to another, in words; one without words of its own is just related. */
export function linkLabel(member: string): string {
  const known = MEMBERS.find((one) => one === member);
  if (known) return t(`record.link.${known}`);
  const fact = factLabel(member);
  return fact === member ? t('record.link.other') : fact;
}
