// Markdown to nodes of the document. marked reads the Markdown; each of its tokens becomes an element, and each text a
// text node. No string ever becomes HTML, so there is nothing to sanitize.

import { Lexer } from './marked.js';
import { button, copy, element } from './dom.js';
import { lines, visible } from './text.js';

const SAFE_LINK = /^(https?:|mailto:)/i;

// A block of more characters is ended here, so that reading it again for each new token stays cheap. Code is cheap.
const LONGEST_BLOCK = 8000;

// The last two blocks may still change: a table's head is a paragraph until its second line is there.
const OPEN_BLOCKS = 2;

// Blocks stand in sections of so many characters, because a browser lays a section out as a whole, and leaves out those
// that are not in view.
const SECTION = 2000;

// The lines of a long block of code stand in parts of so many characters, because a browser lays a part out as a whole.
const CODE_PART = 2000;

/** Shows a text that grows. Only the blocks at its end are read again, and only what has changed in them is replaced. */
export class MarkdownView {
  constructor(parent) {
    this.parent = parent;
    this.clear();
  }

  clear() {
    this.parent.replaceChildren();
    this.closed = 0;
    this.open = [];
    this.section = null;
  }

  /** Shows the text, which starts with the one that was shown last. */
  show(text) {
    const all = lines(text);
    this.showOpen(all.slice(this.closed), OPEN_BLOCKS);
    const rest = all.slice(this.closed);
    if (rest.length > LONGEST_BLOCK && this.open.at(-1)?.token.type !== 'code') {
      this.showOpen(rest.slice(0, end(rest)), 0);
      this.showOpen(all.slice(this.closed), OPEN_BLOCKS);
    }
  }

  /** Shows what follows the closed blocks, and closes all blocks but so many. */
  showOpen(rest, keep) {
    const tokens = blocks(rest);
    let same = this.countSame(tokens);
    if (same < Math.min(tokens.length, this.open.length) && hasGrown(this.open[same], tokens[same])) {
      same++;
    }
    this.open.splice(same).forEach((block) => block.node.remove());
    for (const token of tokens.slice(same)) {
      const node = blockNode(token);
      this.lastSection().append(node);
      this.open.push({ token, node });
    }
    this.close(rest, keep);
  }

  lastSection() {
    if (this.section === null || this.section.characters >= SECTION) {
      this.section = this.parent.appendChild(element('div', { className: 'section', characters: 0 }));
    }
    return this.section;
  }

  countSame(tokens) {
    let same = 0;
    while (same < tokens.length && same < this.open.length && tokens[same].raw === this.open[same].token.raw) {
      same++;
    }
    return same;
  }

  /** Leaves the blocks alone that cannot change any more. */
  close(rest, keep) {
    const length = (open) => open.reduce((sum, block) => sum + block.token.raw.length, 0);
    if (length(this.open) !== rest.length) {
      return;
    }
    const done = this.open.splice(0, Math.max(0, this.open.length - keep));
    this.closed += length(done);
    for (const { token, node } of done) {
      const section = node.parentNode;
      section.characters += token.raw.length;
      section.previousSibling?.classList.add('complete');
    }
  }
}

/** Where a long block is ended: after its last line, or after a word. */
function end(rest) {
  const line = rest.lastIndexOf('\n') + 1;
  return line > LONGEST_BLOCK / 2 ? line : rest.lastIndexOf(' ') + 1 || rest.length;
}

/** Changes the node of a block to that of a longer one. Returns false if it must be made anew. */
function hasGrown(block, token) {
  const before = block.token;
  if (before.type !== token.type || !grow(block.node, before, token)) {
    return false;
  }
  block.token = token;
  return true;
}

function grow(node, before, token) {
  switch (token.type) {
    case 'code':
      return before.lang === token.lang && growCode(node, token.text);
    case 'paragraph':
      return growChildren(node, before.tokens, token.tokens, inlineNode, (inner) => inner.type + inner.raw);
    case 'list':
      return before.ordered === token.ordered && before.start === token.start && before.loose === token.loose
        && growChildren(node, before.items, token.items, itemNode, (item) => item.raw);
    case 'table':
      return rowText(before.header) === rowText(token.header) && before.align.join() === token.align.join()
        && growChildren(node.querySelector('tbody'), before.rows, token.rows, rowNode, rowText);
    default:
      return false;
  }
}

/** Keeps the first children that are the same. There is one node for each token. */
function growChildren(parent, before, now, make, key) {
  let same = 0;
  while (same < before.length && same < now.length && key(before[same]) === key(now[same])) {
    same++;
  }
  while (parent.childNodes.length > same) {
    parent.lastChild.remove();
  }
  parent.append(...now.slice(same).map((token) => make(token)));
  return true;
}

function blocks(text) {
  try {
    return Lexer.lex(text, { gfm: true });
  } catch {
    // Nested too deeply for the reader.
    return [{ type: 'plain', raw: text }];
  }
}

function blockNode(token) {
  switch (token.type) {
    case 'space':
    case 'def':
      return document.createTextNode('');
    case 'code':
      return codeNode(token);
    case 'heading':
      // The page has headings of levels 1 to 3.
      return element('p', { className: `heading level-${token.depth}` }, ...inline(token.tokens));
    case 'hr':
      return element('hr');
    case 'blockquote':
      return element('blockquote', {}, ...token.tokens.map(blockNode));
    case 'list':
      return listNode(token);
    case 'table':
      return tableNode(token);
    case 'paragraph':
      return element('p', {}, ...inline(token.tokens));
    case 'text':
      return token.tokens ? element('span', {}, ...inline(token.tokens)) : plain(token.text);
    default:
      // HTML too: it stays text.
      return element('p', {}, plain(token.raw));
  }
}

function codeNode(token) {
  const language = visible((token.lang ?? '').trim().split(/\s/)[0].slice(0, 40));
  const copyButton = button('Copy', () => copy(box.source, copyButton), 'Copy the code');
  const box = element('div', { className: 'code', source: '' },
    element('div', { className: 'code-head' }, element('span', {}, language || 'code'), copyButton),
    element('pre', { tabIndex: 0, role: 'group', 'aria-label': `Code ${language}`.trim() }, element('code')));
  growCode(box, token.text);
  return box;
}

/** Adds what is new of the text. Returns false if the text does not start with the one before. */
function growCode(box, text) {
  if (!text.startsWith(box.source)) {
    return false;
  }
  const code = box.querySelector('code');
  let from = box.source.length;
  while (from < text.length) {
    let part = code.lastChild;
    if (!part || (part.isWhole && text[from - 1] === '\n')) {
      part = code.appendChild(element('span', { className: 'part', characters: 0 }));
    }
    // A part ends with a line, so a line is never divided.
    const line = text.indexOf('\n', from + Math.max(0, CODE_PART - part.characters));
    const to = line < 0 ? text.length : line + 1;
    part.append(visible(text.slice(from, to)));
    part.characters += to - from;
    part.isWhole = part.characters >= CODE_PART;
    from = to;
  }
  box.source = text;
  return true;
}

function listNode(token) {
  const list = element(token.ordered ? 'ol' : 'ul');
  if (token.ordered && Number.isSafeInteger(token.start) && token.start < 2 ** 31) {
    list.start = token.start;
  }
  list.append(...token.items.map(itemNode));
  return list;
}

function itemNode(item) {
  const node = element('li');
  if (item.task) {
    node.append(item.checked ? '☑ ' : '☐ ');
  }
  node.append(...item.tokens.filter((inner) => inner.type !== 'checkbox').map(blockNode));
  return node;
}

function tableNode(token) {
  return element('div', { className: 'table', tabIndex: 0, role: 'group', 'aria-label': 'Table' },
    element('table', {},
      element('thead', {}, rowNode(token.header, 'th')),
      element('tbody', {}, ...token.rows.map((cells) => rowNode(cells)))));
}

function rowNode(cells, name = 'td') {
  return element('tr', {}, ...cells.map((source) => {
    const node = element(name, {}, ...inline(source.tokens));
    if (source.align) {
      node.className = `align-${source.align}`;
    }
    return node;
  }));
}

function rowText(cells) {
  return cells.map((cell) => cell.text).join('\n');
}

function inline(tokens = []) {
  return tokens.map(inlineNode);
}

function inlineNode(token) {
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return element(token.type, {}, ...inline(token.tokens));
    case 'codespan':
      return element('code', {}, plain(token.text));
    case 'br':
      return element('br');
    case 'link':
      return linkNode(token);
    case 'text':
      return token.tokens ? element('span', {}, ...inline(token.tokens)) : plain(token.text);
    case 'escape':
      return plain(token.text);
    default:
      // Images too: the page loads nothing from other hosts.
      return plain(token.raw);
  }
}

function linkNode(token) {
  if (!SAFE_LINK.test(token.href)) {
    return plain(token.raw);
  }
  return element('a', { href: token.href, target: '_blank', rel: 'noopener noreferrer nofollow',
    title: visible(token.href) }, ...inline(token.tokens));
}

function plain(text) {
  return document.createTextNode(visible(text));
}
