import shared from '@words/en.json';
import activity from './activity/en.json';
import cards from './cards/en.json';
import connect from './connect/en.json';
import firstRun from './first-run/en.json';
import frame from './frame/en.json';
import home from './home/en.json';
import mandates from './mandates/en.json';
import parts from './parts/en.json';
import record from './record/en.json';
import settings from './settings/en.json';
import sharing from './sharing/en.json';

/** English by area. The folder's name is the area, except `first-run`, which is `firstRun`. */
export const areas = { activity, cards, connect, firstRun, frame, home, mandates, parts, record, settings, sharing };

export { shared };
