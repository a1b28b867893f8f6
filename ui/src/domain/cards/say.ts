import type { CardLine, CardView, VerdictView } from '../../ipc';
import { factLabel, format, reasonWords, t } from '../../words';
import { dateOf, findings, lineParts, subjects } from './cards';
import { otherDetails } from './learn';

const SHOWN = 2;

/** What a card is called: what it says, in short. */
export function cardTitle(card: Pick<CardView, 'kind' | 'lines'>): string {
  const all = subjects(card);
  if (all.length === 0) return t(`cards.title.${card.kind}`);
  const first = all.slice(0, SHOWN);
  return all.length > SHOWN ? t('cards.title.more', { first: first.join(', '), count: all.length - SHOWN }) : format.list(first);
}

/** Its issuer and its date, or until when it holds. */
export function cardMeta(card: CardView): string {
  const date = dateOf(card);
  const when = card.expires ? t('cards.validTo', { day: format.date(card.expires) }) : date ? format.date(date) : t('parts.notStated');
  return `${card.issuer} · ${when}`;
}

/** One line of a card: what, value, date, who. */
export function lineText(line: CardLine): string {
  const what = lineParts(line).join(': ') || t('parts.notStated');
  return [what, line.date ? format.date(line.date) : null, line.by ? t('cards.by', { name: line.by }) : null].filter(Boolean).join(', ');
}

/** The person a card names. */
export function holderText(card: Pick<CardView, 'name' | 'birthDate'>): string {
  const name = card.name ?? t('cards.nameNotStated');
  return card.birthDate ? t('cards.born', { name, day: format.date(card.birthDate) }) : name;
}

/** From when until when a card holds. */
export function validText(card: Pick<CardView, 'issued' | 'expires'>): string {
  const from = card.issued ? format.date(card.issued) : t('parts.notStated');
  return card.expires ? t('cards.valid.both', { from, to: format.date(card.expires) }) : t('cards.valid.from', { from });
}

/** Reason and what helps, with the date or the address that the reason names. */
export function verdictWords(verdict: VerdictView): { reason: string; help: string } {
  const { detail } = verdict;
  const named = detail === null ? t('parts.notStated') : /^\d{4}-\d{2}/.test(detail) ? format.date(detail) : detail;
  return reasonWords(verdict.reason, { detail: named });
}

/** With which keys it was checked. */
export function keysText(verdict: VerdictView): string {
  return verdict.keysDate ? t('cards.checked.keys', { day: format.date(verdict.keysDate) }) : t('cards.checked.noKeys');
}

/** How it was checked, step by step, as far as there is something to say. */
export function checksOf(card: CardView): readonly string[] {
  const { verdict, issuer } = card;
  const found = findings(verdict.evidence);
  const signed = verdict.reason === 'signedByIssuer' || verdict.reason === 'signedByAddress' || found.has('signatureGood');
  return [
    signed ? t('cards.check.signature', { issuer }) : '',
    verdict.reason === 'signedByIssuer' ? t('cards.check.directory', { issuer }) : '',
    verdict.reason === 'signedByAddress' ? t('cards.check.address', { issuer }) : '',
    found.has('listChecked') ? t('cards.check.list') : '',
    found.has('certificateExpired') ? t('cards.check.certificate') : '',
    verdict.word === 'verified' ? '' : `${sentence(verdictWords(verdict).reason)}.`,
    verdict.keysDate ? t('cards.check.keys', { day: format.date(verdict.keysDate) }) : t('cards.check.noKeys'),
  ].filter(Boolean);
}

/** What whoever scans the card learns, in full. */
export function learnedFrom(card: CardView): readonly string[] {
  const other = otherDetails(card).map((label) => factLabel(label).toLocaleLowerCase());
  const who = card.birthDate ? t('cards.learn.nameAndBirth', { name: holderName(card) }) : t('cards.learn.name', { name: holderName(card) });
  return [
    who,
    ...(other.length > 0 ? [t('cards.learn.other', { list: format.list(other) })] : []),
    ...card.lines.map(lineText),
    t('cards.learn.issuer', { issuer: card.issuer }),
  ];
}

function holderName(card: Pick<CardView, 'name'>): string {
  return card.name ?? t('cards.nameNotStated');
}

/** A text with its first letter large. */
export function sentence(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
