import { describe, expect, test } from 'vitest';
import { unitText, withUnit } from '../../../src/domain/record/unit';

describe('a unit on screen', () => {
  test.each([
    ['mL/min/1.73 m2', 'mL/min/1.73\u00a0m²'],
    ['mL/min/{1.73_m2}', 'mL/min/1.73\u00a0m²'],
    ['kg/m2', 'kg/m²'],
    ['10*3/uL', '10³/µL'],
    ['10^9/L', '10⁹/L'],
    ['ug/dL', 'µg/dL'],
    ['umol/L', 'µmol/L'],
    ['mcg', 'µg'],
    ['mm[Hg]', 'mmHg'],
    ['Cel', '°C'],
    ['[degF]', '°F'],
    ['m[IU]/L', 'mIU/L'],
    ['u[IU]/mL', 'µIU/mL'],
    ['{score}', 'score'],
    ['U/L', 'U/L'],
    ['CM2H', 'CM2H'],
    ['%', '%'],
  ])('%s reads %s', (written, shown) => expect(unitText(written)).toBe(shown));

  test('is missing when the source wrote none', () => {
    expect(unitText(null)).toBeNull();
    expect(unitText('  ')).toBeNull();
  });

  test('stays on the line of its digits, which stay as sent', () => {
    expect(withUnit('6.20', '%')).toBe('6.20\u00a0%');
    expect(withUnit('6.20', null)).toBe('6.20');
  });
});
