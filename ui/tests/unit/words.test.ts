import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import sharedEn from '@words/en.json';
import sharedEs from '@words/es.json';
import { beforeEach, describe, expect, test } from 'vitest';
import { lastDay } from '../../src/domain/sharing/when';
import { errorWords, format, language, languageOf, sentence, setLanguage, t } from '../../src/words';
import { fill, placeholders, type Message } from '../../src/words/fill';
import { areas as en } from '../../src/words/en';
import { areas as es } from '../../src/words/es';
import { flat } from '../../src/words/messages';
import { pseudo } from '../../src/words/pseudo';

// Words are read when a language is first spoken.
beforeEach(() => setLanguage('en'));

const SRC = new URL('../../src/', import.meta.url).pathname;

function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as object).flatMap(([key, inner]) => texts(inner, `${path}/${key}`));
}

function sources(folder: string): string {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) => (statSync(path).isDirectory() ? sources(path) : /\.(svelte|ts)$/.test(path) ? readFileSync(path, 'utf8') : ''))
    .join('\n');
}

describe('the two languages', () => {
  test('have the same texts with the same placeholders', () => {
    const [english, spanish] = [flat(en), flat(es)];
    expect([...spanish.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [key, message] of english) expect(placeholders(spanish.get(key) as Message), key).toEqual(placeholders(message));
  });

  test('have the same texts where the command line speaks too', () => {
    const [english, spanish] = [texts(sharedEn), texts(sharedEs)];
    expect(spanish.map(([path]) => path)).toEqual(english.map(([path]) => path));
    english.forEach(([path, text], at) => expect(placeholders(spanish[at]?.[1] ?? ''), path).toEqual(placeholders(text)));
  });

  test('have both plural forms wherever they have one', () => {
    for (const [key, message] of [...flat(en), ...flat(es)]) {
      if (typeof message !== 'string') expect(Object.keys(message).sort(), key).toEqual(['one', 'other']);
    }
  });

  test('leave no text unused', () => {
    const all = sources(SRC);
    const unused = [...flat(en).keys()].filter((key) => !all.includes(`'${key}'`) && !wasMade(key, all));
    expect(unused).toEqual([]);
  });

  test('never say what Satchel does not say', () => {
    const banned = /\b(please|sorry|oops|invalid|success|por favor|lo sentimos|inválid)/i;
    for (const [path, text] of [...texts(sharedEn), ...texts(sharedEs)]) expect(text, path).not.toMatch(banned);
    for (const [key, message] of [...flat(en), ...flat(es)]) expect(JSON.stringify(message), key).not.toMatch(banned);
  });
});

/** A key that is put together: some template literal in the sources begins and ends as it does. */
function wasMade(key: string, all: string): boolean {
  const [area = ''] = key.split('.');
  return [...all.matchAll(new RegExp(`\`(${area}\\.[^\`]*\\$\\{[^\`]*)\``, 'g'))].some(([, made = '']) => {
    const pattern = made.split(/\$\{[^}]*\}/).map((part) => part.replace(/[.*+?^$()|[\]\\]/g, '\\$&')).join('.+');
    return new RegExp(`^${pattern}$`).test(key);
  });
}

describe('a text', () => {
  test('takes its plural form and writes its number as the language does', async () => {
    expect(t('connect.items', { count: 1 })).toBe('1 item');
    expect(t('connect.items', { count: 2564 })).toBe('2,564 items');
    await setLanguage('es');
    expect(t('connect.items', { count: 2564 })).toBe('2.564 elementos');
  });

  test('falls back to its own words for a detail that is missing', () => {
    expect(fill('{host|It} did not answer.', {}, 'en')).toBe('It did not answer.');
    expect(fill('{host|It} did not answer.', { host: 'a.example' }, 'en')).toBe('a.example did not answer.');
  });

  test('keeps its placeholders in the invented language', () => {
    expect(placeholders(pseudo('{items} of about {count} items'))).toEqual(['count', 'items']);
  });
});

describe('an error', () => {
  const view = (code: string) => ({ code, whose: 'unknown' as const, details: {}, evidence: '' });

  test('of an unknown code is told in the words of its family, or in general ones', () => {
    expect(errorWords(view('fetch.neverHeardOf'))).toEqual(errorWords(view('fetch.other')));
    expect(errorWords(view('neverHeardOf')).what).toBe(sharedEn.errors.other.what);
  });
});

describe('a date', () => {
  const nbsp = (text: string) => text.replaceAll(' ', '\u00a0');

  test('is written with its month in words, and stays as partial as it was stated', async () => {
    expect(format.date('2027-05-03')).toBe(nbsp('3 May 2027'));
    expect(format.date('2027-05')).toBe(nbsp('May 2027'));
    expect(format.date('2027')).toBe('2027');
    await setLanguage('es');
    expect(format.date('2027-05-03')).toBe(nbsp('3 may 2027'));
    expect(format.date('2027-09-03')).toBe(nbsp('3 sep 2027'));
  });

  test('that cannot be read is shown as it came, never as 1970', () => {
    expect(format.date('soon')).toBe('soon');
    expect(format.date('2027-13-03')).toBe('2027-13-03');
  });
});

test('the language is the one chosen, else the first that the computer asks for and we speak', () => {
  expect(languageOf('es', ['en-GB'])).toBe('es');
  expect(languageOf('system', ['fr-FR', 'es-MX', 'en'])).toBe('es');
  expect(languageOf('system', ['fr-FR'])).toBe('en');
});

test('the language that was asked for last is spoken, whichever was read first', async () => {
  await Promise.all([setLanguage('es'), setLanguage('en')]);
  expect(language()).toBe('en');
});

test('a sentence of a grant stands as the wallet made it, whatever signs are in a name', async () => {
  const said = { key: 'who.client', en: 'For “{client} $& $1”, an app.', es: 'Para «{client} $& $1», una aplicación.' };
  expect(sentence(said)).toBe(said.en);
  await setLanguage('es');
  expect(sentence(said)).toBe(said.es);
});

test('what is over at midnight is until the day before, and what is over at noon until that day', () => {
  const nbsp = (text: string) => text.replaceAll(' ', '\u00a0');
  expect(lastDay(new Date(2027, 4, 4, 0, 0).toISOString())).toBe(nbsp('3 May 2027'));
  expect(lastDay(new Date(2027, 4, 4, 12, 0).toISOString())).toBe(nbsp('4 May 2027'));
});
