// Runs inside the window through WebDriver, outside the page's own scripts.
const roles = {
  button: 'button, [role=button], input[type=submit]',
  link: 'a[href]',
  heading: 'h1, h2, h3, h4, legend',
  textbox: 'input:not([type]), input[type=text], input[type=search], input[type=password], input[type=url], input[type=date], textarea',
  radio: 'input[type=radio]',
  checkbox: 'input[type=checkbox]',
  combobox: 'select',
  tab: '[role=tab]',
  summary: 'summary',
  picture: 'img, svg[role=img], canvas[role=img]',
};

const tidy = (text) => (text ?? '').replace(/\s+/g, ' ').trim();

// Text of an element without what is hidden from screen readers.
const spoken = (element) => {
  if (element.matches('[aria-hidden=true], style, script')) return '';
  let text = '';
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) text += child.data;
    else if (child.nodeType === Node.ELEMENT_NODE) text += ` ${spoken(child)} `;
  }
  return text;
};

const nameOf = (element) => {
  const by = element.getAttribute('aria-labelledby');
  if (by) return tidy(by.split(/\s+/).map((id) => document.getElementById(id)).filter(Boolean).map(spoken).join(' '));
  if (element.getAttribute('aria-label')) return tidy(element.getAttribute('aria-label'));
  if (element.labels?.length) return tidy([...element.labels].map(spoken).join(' '));
  if (element.alt) return tidy(element.alt);
  return tidy(spoken(element)) || tidy(element.value) || tidy(element.querySelector('title')?.textContent);
};

// A choice drawn by its label may itself be transparent; it counts when its label can be seen.
const seen = (element) =>
  element.checkVisibility({ visibilityProperty: true }) &&
  (element.getClientRects().length > 0 || [...(element.labels ?? [])].some((label) => label.getClientRects().length > 0));

const look = {
  find(role, name) {
    const all = [...document.querySelectorAll(roles[role])].filter(seen);
    return all.find((e) => nameOf(e) === name) ?? all.find((e) => nameOf(e).includes(name)) ?? null;
  },
  h1: () => tidy([...document.querySelectorAll('h1')].filter(seen).map((h1) => h1.innerText).join(' ')),
  text: () => tidy(document.body.innerText),
  focused() {
    const element = document.activeElement ?? document.body;
    const role = Object.keys(roles).find((role) => element.matches(roles[role])) ?? element.tagName.toLowerCase();
    return [role, nameOf(element)];
  },
  // Where a person without a pointer is: empty when it shows, else what is wrong with it.
  ring() {
    const element = document.activeElement;
    if (!element || element === document.body) return 'nothing has the focus';
    const row = element.closest('.row--link');
    const shown = row && getComputedStyle(element).outlineStyle === 'none' ? row : element;
    const style = getComputedStyle(shown);
    if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) return 'no ring around it';
    const box = shown.getBoundingClientRect();
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    if (right - left < 4 || bottom - top < 4) return `outside the window, at ${Math.round(box.left)}, ${Math.round(box.top)}`;
    const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const same = !over || shown.contains(over) || over.contains(shown) || [...(element.labels ?? [])].some((label) => label.contains(over));
    return same ? '' : `covered by ${over.tagName.toLowerCase()} “${tidy(over.textContent).slice(0, 40)}”`;
  },
  value: () => document.activeElement?.value ?? null,
  checked: () => document.activeElement?.checked ?? false,
  // A page is there when it has its heading, and nothing on it is still being fetched or drawn.
  ready: () => document.querySelector('main h1') !== null && document.querySelector('p.soft[role=status]:not(.small), main [aria-busy=true]') === null,
  link: (selector) => document.querySelector(selector)?.getAttribute('href') ?? null,
  headings: () => document.querySelectorAll('h1').length,
  // Words that are cut off: the text is wider or higher than the box that hides what does not fit.
  cut: () =>
    [...document.querySelectorAll('body *')]
      .filter((e) => seen(e) && !e.closest('.hidden-text, svg, .paper') && tidy(e.textContent) !== '')
      .filter((e) => {
        const { overflowX, overflowY } = getComputedStyle(e);
        const hides = (how) => how === 'hidden' || how === 'clip';
        return (hides(overflowX) && e.scrollWidth > e.clientWidth + 1) || (hides(overflowY) && e.scrollHeight > e.clientHeight + 1);
      })
      .map((e) => `${e.tagName.toLowerCase()}.${e.getAttribute('class') ?? ''}: ${tidy(e.textContent).slice(0, 60)}`),
  sideways: () => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth),
};
