import type { Row, Value } from '../../../src/ipc';

/** A measured value; without a range unless told. */
export function value(number: string | null, unit: string | null = null, low: string | null = null, high: string | null = null, against: Value['against'] = 'rangeNotStated'): Value {
  return { number, comparator: null, unit, unitCode: unit, text: null, range: low || high ? { low, high, text: null } : null, against, parts: [] };
}

/** A line in a list. */
export function row(id: string, kind: Row['kind'], resourceType: string, title: string | null, more: Partial<Row> = {}): Row {
  return { id, kind, resourceType, title, value: null, date: '2026-11-10', status: null, source: 'Harbourline Health', attachment: null, ...more };
}

/** A lab result. */
export function labRow(id: string, title: string, measured: Value | null, more: Partial<Row> = {}): Row {
  return row(id, 'lab', 'Observation', title, { value: measured, status: 'final', ...more });
}

const LAKEMOOR = { source: 'Lakemoor Laboratory', date: '2026-09-03' };

export const LABS: readonly Row[] = [
  labRow('itm_a1c', 'Hemoglobin A1c', value('6.2', '%', '4.0', '5.6', 'above')),
  labRow('itm_potassium', 'Potassium', value('4.4', 'mmol/L', '3.5', '5.1', 'within')),
  labRow('itm_egfr', 'eGFR (kidney function)', value('71', 'mL/min/{1.73_m2}', '60', null, 'within')),
  labRow('itm_ldl', 'LDL cholesterol', value('2.4', 'mmol/L', null, '2.6', 'within'), { source: 'Fenwick Valley Clinic', date: '2026-11-02' }),
  labRow('itm_ferritin', 'Ferritin', value('11', 'ug/L', '13', '150', 'below'), LAKEMOOR),
  labRow('itm_vitamin', 'Vitamin D', value('48', 'nmol/L'), LAKEMOOR),
  labRow('itm_tsh', 'Thyrotropin', { ...value('0.01', 'm[IU]/L', '0.4', '4.0', 'below'), comparator: '<' }, LAKEMOOR),
  labRow('itm_culture', 'Urine culture', { ...value(null), text: 'No growth', against: 'inWords' }, { date: '2026-08' }),
  labRow('itm_glucose', 'Glucose', value('5.4', 'mmol/L'), { date: null }),
];

const pressure = (systolic: string, diastolic: string): Value => ({
  ...value(null),
  parts: [
    { title: 'Systolic blood pressure', number: systolic, unit: 'mm[Hg]', text: null },
    { title: 'Diastolic blood pressure', number: diastolic, unit: 'mm[Hg]', text: null },
  ],
});

/** Blood pressure over the years, oldest first. */
export const PRESSURE: readonly Value[] = [pressure('142', '90'), pressure('138', '88'), pressure('140', '84'), pressure('136', '80'), pressure('131', '79'), pressure('128', '76')];

export const MEDICATION = row('itm_metoprolol', 'medication', 'MedicationRequest', 'Metoprolol succinate 25 mg, tablet with prolonged release', { status: 'active', date: '2026-11-02', source: 'Fenwick Valley Clinic' });
export const CONDITION = row('itm_hypertension', 'condition', 'Condition', 'Essential hypertension', { status: 'active', date: '2019-05' });
export const IMMUNIZATION = row('itm_flu', 'immunization', 'Immunization', 'Influenza vaccine', { status: 'completed', date: '2026-10-06' });

export const OTHERS: readonly Row[] = [
  row('itm_pressure', 'vital', 'Observation', 'Blood pressure', { value: PRESSURE[5] ?? null, status: 'final' }),
  MEDICATION,
  CONDITION,
  IMMUNIZATION,
  row('itm_summary', 'document', 'DocumentReference', 'After-visit summary, cardiology', { status: 'current', date: '2026-11-02', source: 'Fenwick Valley Clinic', attachment: { index: 0, title: null, contentType: 'application/pdf', size: 182_331, here: true } }),
  row('itm_visit', 'visit', 'Encounter', null, { status: 'finished', date: '2019' }),
  row('itm_care', 'other', 'Provenance', 'A very long name of something that a system wrote without thinking about the width of a window, as they do', { status: 'custom-code', date: null }),
];
