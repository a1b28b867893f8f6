/** How a page is looked at. */
export interface View {
  name: string;
  width: number;
  height: number;
  /** Browser zoom. */
  zoom?: number;
  language?: 'es' | 'pseudo';
  theme?: 'dark';
  /** Whether axe-core looks too: it takes longest. */
  axe?: boolean;
}

/** The sizes of the design, a dark theme, both languages, and an invented one from right to left. */
export const VIEWS: View[] = [
  { name: 'wide', width: 1180, height: 800, axe: true },
  { name: 'wide.dark', width: 1180, height: 800, theme: 'dark', axe: true },
  { name: '800x600', width: 800, height: 600 },
  { name: '375.es', width: 375, height: 700, language: 'es' },
  { name: 'zoom200', width: 1180, height: 800, zoom: 2 },
  { name: 'wide.rtl', width: 1180, height: 800, language: 'pseudo' },
];
