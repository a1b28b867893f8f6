import type { LabView, Value } from '../../ipc';
import { momentOf } from './moment';
import { digits, endsOf } from './range';
import type { PointLook, TrendValue } from './trend';
import { digitsText } from './value';

/** Values that may stand on one line. A test with components has one series for each of them. */
export interface Series {
  /** Name of the component; `null` for the test itself. */
  readonly title: string | null;
  readonly unit: string | null;
  readonly values: readonly TrendValue[];
}

/** Why there is no chart, where a person would expect one. */
export type NoChart = 'unitsDiffer' | 'inWords' | 'oneValue' | 'noDates';

const LOOKS: Readonly<Record<Value['against'], PointLook>> = {
  above: 'out',
  below: 'out',
  outside: 'out',
  within: 'within',
  rangeNotStated: 'noRange',
  inWords: 'noRange',
};

/** What can be drawn of a test, or why nothing can. Values of different units are never joined. */
export function seriesOf(lab: Pick<LabView, 'history' | 'oneUnit'>): readonly Series[] | NoChart {
  if (lab.history.length < 2) return 'oneValue';
  const numbers = lab.history.filter((point) => digits(point.value.number) !== null);
  const parts = lab.history.filter((point) => point.value.parts.some((part) => digits(part.number) !== null));
  if (numbers.length === 0 && parts.length === 0) return 'inWords';
  if (!lab.oneUnit) return 'unitsDiffer';
  const all = numbers.length >= parts.length ? [ofNumbers(lab)] : ofParts(lab);
  const drawn = all.filter((series) => series.values.length > 1);
  if (drawn.length > 0) return drawn;
  return numbers.length + parts.length < 2 ? 'oneValue' : 'noDates';
}

function ofNumbers({ history }: Pick<LabView, 'history'>): Series {
  const values = history.flatMap((point): TrendValue[] => {
    const at = momentOf(point.date);
    const value = digits(point.value.number);
    if (at === null || value === null) return [];
    const { comparator, against, range } = point.value;
    const bound = Boolean(comparator);
    return [{ at, value, text: digitsText(point.value) ?? '', look: LOOKS[against], ends: endsOf(range), bound }];
  });
  return { title: null, unit: history.at(-1)?.value.unit ?? null, values: inOrder(plainWithoutRange(values)) };
}

function ofParts({ history }: Pick<LabView, 'history'>): readonly Series[] {
  const titles = [...new Set(history.flatMap((point) => point.value.parts.map((part) => part.title)))];
  return titles.map((title) => {
    const units = new Set<string | null>();
    const values = history.flatMap((point): TrendValue[] => {
      const part = point.value.parts.find((one) => one.title === title);
      const at = momentOf(point.date);
      const value = digits(part?.number);
      if (!part || at === null || value === null) return [];
      units.add(part.unit);
      return [{ at, value, text: part.number ?? '', look: 'noRange', ends: null, bound: false }];
    });
    return { title, unit: [...units][0] ?? null, values: units.size > 1 ? [] : inOrder(plainWithoutRange(values)) };
  });
}

// The dashed circle says that this value came without a range, others with one: where none has one, it says nothing.
function plainWithoutRange(values: readonly TrendValue[]): readonly TrendValue[] {
  if (values.some((value) => value.look !== 'noRange')) return values;
  return values.map((value) => ({ ...value, look: 'within' }));
}

function inOrder(values: readonly TrendValue[]): readonly TrendValue[] {
  return [...values].sort((a, b) => a.at - b.at);
}

const YEAR = 365.25 * 86_400_000;

/** The values of the last years before the newest; all when `years` is `null`. */
export function lastYears(series: Series, years: number | null): Series {
  const newest = series.values.at(-1)?.at;
  if (years === null || newest === undefined) return series;
  return { ...series, values: series.values.filter((value) => newest - value.at <= years * YEAR) };
}
