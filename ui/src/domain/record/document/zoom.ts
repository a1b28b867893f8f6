/** Sizes a document can be shown in, as names of their classes. */
export const ZOOMS = ['zoom-1', 'zoom-2', 'zoom-3', 'zoom-4', 'zoom-5', 'zoom-6'] as const;

/** The size a document opens in. */
export const NATURAL = 1;
