import activityEn from './activity/en.json';
import activityEs from './activity/es.json';
import cardsEn from './cards/en.json';
import cardsEs from './cards/es.json';
import connectEn from './connect/en.json';
import connectEs from './connect/es.json';
import firstRunEn from './first-run/en.json';
import firstRunEs from './first-run/es.json';
import frameEn from './frame/en.json';
import frameEs from './frame/es.json';
import homeEn from './home/en.json';
import homeEs from './home/es.json';
import partsEn from './parts/en.json';
import partsEs from './parts/es.json';
import recordEn from './record/en.json';
import recordEs from './record/es.json';
import settingsEn from './settings/en.json';
import settingsEs from './settings/es.json';
import type { Message } from './fill';

/** The texts of the window, by area. The folder's name is the area, except `first-run`, which is `firstRun`. */
export const en = {
  activity: activityEn,
  cards: cardsEn,
  connect: connectEn,
  firstRun: firstRunEn,
  frame: frameEn,
  home: homeEn,
  parts: partsEn,
  record: recordEn,
  settings: settingsEn,
};

type Areas = typeof en;

/** Every text has a name: its area, a dot, its key there. */
export type Key = { [A in keyof Areas & string]: `${A}.${keyof Areas[A] & string}` }[keyof Areas & string];

type Messages = { readonly [A in keyof Areas]: { readonly [K in keyof Areas[A]]: Message } };

export const es: Messages = {
  activity: activityEs,
  cards: cardsEs,
  connect: connectEs,
  firstRun: firstRunEs,
  frame: frameEs,
  home: homeEs,
  parts: partsEs,
  record: recordEs,
  settings: settingsEs,
};

/** All texts of one language under their full names. */
export function flat(areas: Messages): ReadonlyMap<string, Message> {
  const all = new Map<string, Message>();
  for (const [area, texts] of Object.entries(areas)) {
    for (const [key, message] of Object.entries(texts)) all.set(`${area}.${key}`, message);
  }
  return all;
}
