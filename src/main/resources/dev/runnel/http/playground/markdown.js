// Markdown to nodes of the document. marked reads the Markdown; each of its tokens becomes an element, and each text a
// text node. No string ever becomes HTML, so there is nothing to sanitize.

import { Lexer } from './marked.js';
import { button, copy, element } from './dom.js';
import { lines, visible } from './text.js';

const SAFE_LINK = /^(https?:|mailto:)/i;

// A block of more characters is cut here, so that reading it again for each new token stays cheap.
const LONGEST_BLOCK = 16000;

// The last two blocks may still change: a table's head is a paragraph until its second line is there.
const OPEN_BLOCKS = 2;

/** Shows a text that grows. Only the blocks at its end are read again. */
export class MarkdownView {
  constructor(parent) {
    this.parent = parent;
    this.clear();
  }

  clear() {
    this.parent.replaceChildren();
    this.closed = 0;
    this.open = [];
  }

  /** Shows the text, which starts with the one that was shown last. */
  show(text) {
    const all = lines(text);
    const rest = all.slice(this.closed);
    const tokens = blocks(rest);
    const same = this.countSame(tokens);
    this.open.splice(same).forEach((block) => block.node.remove());
    for (const token of tokens.slice(same)) {
      const node = blockNode(token);
      this.parent.append(node);
      this.open.push({ raw: token.raw, node });
    }
    this.close(rest);
  }

  countSame(tokens) {
    let same = 0;
    while (same < tokens.length && same < this.open.length && tokens[same].raw === this.open[same].raw) {
      same++;
    }
    return same;
  }

  /** Leaves the blocks alone that cannot change any more. */
  close(rest) {
    const length = (open) => open.reduce((sum, block) => sum + block.raw.length, 0);
    if (length(this.open) !== rest.length) {
      return;
    }
    const keep = rest.length > LONGEST_BLOCK ? 0 : OPEN_BLOCKS;
    const done = this.open.splice(0, Math.max(0, this.open.length - keep));
    this.closed += length(done);
  }
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
  const copyButton = button('Copy', () => copy(token.text, copyButton), 'Copy the code');
  return element('div', { className: 'code' },
    element('div', { className: 'code-head' }, element('span', {}, language || 'code'), copyButton),
    element('pre', { tabIndex: 0, role: 'group', 'aria-label': `Code ${language}`.trim() },
      element('code', {}, visible(token.text))));
}

function listNode(token) {
  const list = element(token.ordered ? 'ol' : 'ul');
  if (token.ordered && Number.isSafeInteger(token.start) && token.start < 2 ** 31) {
    list.start = token.start;
  }
  for (const item of token.items) {
    const node = element('li');
    if (item.task) {
      node.append(item.checked ? '☑ ' : '☐ ');
    }
    node.append(...item.tokens.filter((inner) => inner.type !== 'checkbox').map(blockNode));
    list.append(node);
  }
  return list;
}

function tableNode(token) {
  const cell = (name, source) => {
    const node = element(name, {}, ...inline(source.tokens));
    if (source.align) {
      node.className = `align-${source.align}`;
    }
    return node;
  };
  const row = (name, cells) => element('tr', {}, ...cells.map((source) => cell(name, source)));
  return element('div', { className: 'table', tabIndex: 0, role: 'group', 'aria-label': 'Table' },
    element('table', {},
      element('thead', {}, row('th', token.header)),
      element('tbody', {}, ...token.rows.map((cells) => row('td', cells)))));
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
