const NBSP = '\u00a0';
const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** UCUM spellings that people write with another glyph. The meaning stays: nothing is converted. */
const GLYPHS: readonly (readonly [RegExp, string])[] = [
  [/mm\[Hg\]/g, 'mmHg'],
  [/\[degF\]/g, '°F'],
  [/(^|[/.])Cel(?![A-Za-z])/g, '$1°C'],
  [/\[i?IU\]|\[iU\]/gi, 'IU'],
  [/(^|[/.\s])u(?=(?:g|L|l|mol|m|U|IU)(?![A-Za-z]))/g, '$1µ'],
  [/(^|[/.\s])mcg(?![A-Za-z])/g, '$1µg'],
];

/** A unit as the source wrote it, set in type: `kg/m2` as kg/m², `10*3/uL` as 10³/µL. */
export function unitText(unit: string | null | undefined): string | null {
  const written = unit?.trim();
  if (!written) return null;
  let text = written.replace(/\{([^}]*)\}/g, (_, note: string) => note.replaceAll('_', ' '));
  text = text.replace(/10[*^](\d+)/g, (_, power: string) => `10${raise(power)}`);
  for (const [spelling, glyph] of GLYPHS) text = text.replace(spelling, glyph);
  text = text.replace(/(^|[/.\s\d])([cdkm]?m)([23])(?![A-Za-z0-9])/g, (_, before: string, metre: string, power: string) => `${before}${metre}${raise(power)}`);
  return text.replace(/\s+/g, NBSP);
}

function raise(digits: string): string {
  return [...digits].map((digit) => RAISED[Number(digit)] ?? digit).join('');
}

/** Digits and unit with a space that does not break, before % as well. */
export function withUnit(digits: string, unit: string | null | undefined): string {
  const name = unitText(unit);
  return name === null ? digits : `${digits}${NBSP}${name}`;
}
