import { expect, test } from 'vitest';
import { after } from '../../src/frame/zoom';

test('five presses double the size, and one key makes it as it was drawn', () => {
  let size: number | undefined = 100;
  for (const key of ['+', '=', '+', '+', '+']) size = after(key, size ?? 0);
  expect(size).toBe(200);
  expect(after('0', 200)).toBe(100);
});

test('neither grows nor shrinks without end, and other keys change nothing', () => {
  expect(after('+', 400)).toBe(400);
  expect(after('-', 40)).toBe(40);
  expect(after('1', 100)).toBeUndefined();
});
