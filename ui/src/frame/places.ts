/** The seven places, always in this order. The name is both the route and the icon. */
export const PLACES = ['home', 'record', 'cards', 'sharing', 'activity', 'connections', 'settings'] as const;

export type PlaceName = (typeof PLACES)[number];
