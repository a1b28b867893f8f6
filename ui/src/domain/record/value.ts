import type { LabPoint, Part, Value } from '../../ipc';
import { withUnit } from './unit';

const COMPARATORS: Readonly<Record<string, string>> = { '<=': '≤', '>=': '≥' };

/** Digits as sent, with the comparator the source put before them. */
export function digitsText(value: Pick<Value, 'number' | 'comparator'>): string | null {
  if (value.number === null) return null;
  const comparator = value.comparator ?? '';
  return `${COMPARATORS[comparator] ?? comparator}${value.number}`;
}

/** A value as it stands in a list: `6.2 %`, `No growth`, `128/76 mmHg`. `null` when the source states none. */
export function valueText(value: Value | null): string | null {
  if (!value) return null;
  const digits = digitsText(value);
  if (digits !== null) return withUnit(digits, value.unit);
  return value.text ?? partsText(value.parts);
}

/** Components in one line: a blood pressure as people write it, anything else each with its name. */
export function partsText(parts: readonly Part[]): string | null {
  const pressure = pressureText(parts);
  if (pressure) return pressure;
  const said = parts.flatMap((part) => {
    const text = partText(part);
    return text === null ? [] : [part.title ? `${part.title} ${text}` : text];
  });
  return said.length > 0 ? said.join(', ') : null;
}

/** What one component says. */
export function partText(part: Part): string | null {
  return part.number === null ? part.text : withUnit(part.number, part.unit);
}

function pressureText(parts: readonly Part[]): string | null {
  const [systolic] = parts.filter((part) => /systolic|sist[oó]lica/i.test(part.title ?? ''));
  const [diastolic] = parts.filter((part) => /diastolic|diast[oó]lica/i.test(part.title ?? ''));
  if (parts.length !== 2 || !systolic?.number || !diastolic?.number || systolic.unit !== diastolic.unit) return null;
  return withUnit(`${systolic.number}/${diastolic.number}`, systolic.unit);
}

/** How a value stands to the one before it. */
export type Change = 'higher' | 'lower' | 'same';

/** Compares two values; `null` when they are not two plain numbers of one unit. */
export function changeBetween(now: Value, before: Value): Change | null {
  if (now.number === null || before.number === null || now.comparator || before.comparator) return null;
  if ((now.unitCode ?? now.unit) !== (before.unitCode ?? before.unit)) return null;
  const difference = Number(now.number) - Number(before.number);
  if (Number.isNaN(difference)) return null;
  return difference > 0 ? 'higher' : difference < 0 ? 'lower' : 'same';
}

/** The value that came before this one in its history, oldest first. */
export function pointBefore(history: readonly LabPoint[], id: string): LabPoint | undefined {
  return history[history.findIndex((point) => point.id === id) - 1];
}
