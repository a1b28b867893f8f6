import { describe, expect, test } from 'vitest';
import { drawQr, QUIET, smallestSide } from '../../../src/domain/cards/qr';

function rasterise(path: string, side: number): string[] {
  const field = Array.from({ length: side }, () => Array<string>(side).fill('0'));
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let at = 0; at < Number(run); at += 1) field[Number(y)]![Number(x) + at] = '1';
  }
  return field.map((row) => row.join(''));
}

describe('a QR code as a path', () => {
  test('holds exactly the dark modules, with four light ones on every side', () => {
    const rows = ['1101', '0000', '1011', '0111'];
    const { side, path } = drawQr(rows);
    const light = '0'.repeat(side);
    const framed = rows.map((row) => '0'.repeat(QUIET) + row + '0'.repeat(QUIET));
    expect(rasterise(path, side)).toEqual([...Array(QUIET).fill(light), ...framed, ...Array(QUIET).fill(light)]);
  });

  test('needs three pixels for each module', () => {
    expect(smallestSide(drawQr(Array<string>(105).fill('1'.repeat(105))))).toBe(339);
  });
});
