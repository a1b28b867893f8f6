import { cards } from './cards';
import type { Case } from './case';
import { connect } from './connect';
import { doors } from './doors';
import { frame } from './frame';
import { mandates } from './mandates';
import { preview } from './preview';
import { record } from './record';
import { rest } from './rest';
import { sharing } from './sharing';

/** Every page in its states. */
export const cases: Case[] = [...doors, ...frame, ...connect, ...rest, ...record, ...cards, ...sharing, ...mandates, ...preview];
