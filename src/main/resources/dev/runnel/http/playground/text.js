// Text of a model or of a person, made safe to look at.

// Control characters, characters that reverse the direction of text, and invisible ones. Tab and line feed stay; so do
// the joiners U+200C and U+200D, which scripts and emoji need.
const HIDDEN = new RegExp(
  '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e'
  + '\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}]', 'gu');

/** The text with a mark such as ‹U+202E› in place of each character that a reader cannot see. */
export function visible(text) {
  return text.replace(HIDDEN, (hidden) => `‹U+${hidden.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}›`);
}

/** Line feeds only, so that positions in the text are those of the Markdown reader. */
export function lines(text) {
  return text.replace(/\r\n?/g, '\n');
}

/** The first characters of a text. A pair of surrogates is not divided. */
export function start(text, length) {
  const isDivided = length < text.length && /[\ud800-\udbff]/.test(text[length - 1]);
  return text.slice(0, isDivided ? length + 1 : length);
}
