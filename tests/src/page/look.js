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
  sideways: () => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth),
};
