import shared from '@words/es.json';
import activity from './activity/es.json';
import cards from './cards/es.json';
import connect from './connect/es.json';
import firstRun from './first-run/es.json';
import frame from './frame/es.json';
import home from './home/es.json';
import mandates from './mandates/es.json';
import parts from './parts/es.json';
import record from './record/es.json';
import settings from './settings/es.json';
import sharing from './sharing/es.json';
import type { Messages } from './messages';

/** Spanish, with every text that English has. */
export const areas: Messages = { activity, cards, connect, firstRun, frame, home, mandates, parts, record, settings, sharing };

export { shared };
