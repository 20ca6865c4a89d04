// The API key. It is kept for this tab only, and never in the address.

import { byId } from './dom.js';

const STORED = 'runnel.key';
const FRAGMENT = /[#&]key=([^&]+)/;

/** Moves a key from the fragment of the address to this tab. Returns whether there was one. */
export function acceptFromAddress() {
  const match = FRAGMENT.exec(location.hash);
  if (!match) {
    return false;
  }
  sessionStorage.setItem(STORED, decodeURIComponent(match[1]));
  history.replaceState(null, '', location.pathname + location.search);
  return true;
}

/** The key, or an empty string. */
export function current() {
  return sessionStorage.getItem(STORED) ?? '';
}

/** Asks for a key. The result is whether one was entered. */
export function ask(problem = '') {
  const dialog = byId('key-dialog');
  const input = byId('key');
  byId('key-problem').textContent = problem;
  byId('key-problem').hidden = problem === '';
  if (dialog.open) {
    return Promise.resolve(false);
  }
  input.value = '';
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    byId('key-cancel').onclick = () => dialog.close();
    dialog.querySelector('form').onsubmit = () => sessionStorage.setItem(STORED, input.value.trim());
    dialog.onclose = () => {
      const isEntered = input.value !== '' && current() === input.value.trim();
      input.value = '';
      resolve(isEntered);
    };
  });
}
