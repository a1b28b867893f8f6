/** Codes that FHIR itself defines for how something stands and what it is, so that they have words of ours in each language. */
export const STATUSES = [
  'active', 'inactive', 'resolved', 'remission', 'recurrence', 'relapse', 'completed', 'stopped', 'on-hold', 'cancelled',
  'entered-in-error', 'draft', 'unknown', 'final', 'amended', 'corrected', 'preliminary', 'registered', 'finished', 'planned',
  'in-progress', 'arrived', 'triaged', 'onleave', 'current', 'superseded', 'not-done', 'not-taken', 'intended', 'aborted',
  'suspended', 'revoked', 'ended', 'proposed', 'accepted', 'rejected', 'partial', 'appended', 'confirmed', 'unconfirmed',
  'provisional', 'differential', 'refuted', 'high', 'low', 'unable-to-assess', 'mild', 'moderate', 'severe', 'order',
  'plan', 'proposal', 'routine', 'urgent', 'asap', 'stat', 'male', 'female', 'other', 'allergy', 'intolerance', 'achieved',
  'improving', 'worsening', 'no-change', 'not-achieved', 'sustaining', 'not-attainable',
  'laboratory', 'lab', 'vital-signs', 'social-history', 'survey', 'exam', 'imaging', 'procedure', 'therapy',
  'activity', 'encounter-diagnosis', 'problem-list-item', 'health-concern', 'food', 'medication', 'environment',
  'biologic', 'ambulatory', 'inpatient', 'inpatient-encounter', 'outpatient', 'emergency', 'community', 'discharge',
  'home-health', 'virtual', 'professional', 'institutional', 'pharmacy', 'oral', 'vision', 'complete', 'queued',
  'error', 'clinical-note',
] as const;

/** Whether a code is one of them. */
export function isKnownStatus(code: string): code is (typeof STATUSES)[number] {
  return STATUSES.some((known) => known === code);
}
