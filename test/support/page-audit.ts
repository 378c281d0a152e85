/** What an accessibility checker would ask of the page first: contrast, names, headings. Run inside the browser. */
import type { Page } from 'playwright-core';

/** Least ratio of WCAG 2.2 AA for text of ordinary size, and for large or bold text. */
const ordinary = 4.5;
const large = 3;

/** Texts whose colour stands out too little from what lies behind them, as `ratio text`. */
export async function contrastFaults(page: Page): Promise<string[]> {
  return (await page.evaluate(`(${contrastInPage})(${ordinary}, ${large})`)) as string[];
}

/** Controls without a name, pictures without a description, duplicate ids, and headings that skip a level. */
export async function nameFaults(page: Page): Promise<string[]> {
  return (await page.evaluate(`(${namesInPage})()`)) as string[];
}

// Both run in the browser, where this project's compiler settings know no types: they are kept as text.
const contrastInPage = `(ordinary, large) => {
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const part = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const faults = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim();
    const element = texts.currentNode.parentElement;
    if (!text || !element.checkVisibility() || element.closest('.hidden, .skip, noscript, title, button:disabled')) continue;
    const style = getComputedStyle(element);
    const [one, two] = [light(rgba(style.color)), light(behind(element))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (two + 0.05);
    const size = parseFloat(style.fontSize);
    const enough = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? large : ordinary;
    if (ratio < enough) faults.add(ratio.toFixed(2) + ' ' + text.slice(0, 40));
  }
  return [...faults];
}`;

const namesInPage = `() => {
  const faults = [];
  for (const control of document.querySelectorAll('a[href], button, input, textarea, [role=img], summary')) {
    const name = control.getAttribute('aria-label') || control.textContent.trim();
    if (!name) faults.push('no name: ' + control.outerHTML.slice(0, 80));
  }
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) faults.push('id twice: ' + id);
  for (const labelled of document.querySelectorAll('[aria-labelledby]')) {
    if (!document.getElementById(labelled.getAttribute('aria-labelledby'))) faults.push('label missing: ' + labelled.getAttribute('aria-labelledby'));
  }
  let level = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) faults.push('heading skips a level: ' + heading.textContent);
    level = own;
  }
  if (document.querySelectorAll('h1').length === 0) faults.push('no h1');
  for (const cell of document.querySelectorAll('thead th')) if (cell.getAttribute('scope') !== 'col') faults.push('th without scope: ' + cell.textContent);
  return faults;
}`;
