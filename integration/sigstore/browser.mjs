// Acts as the user of a real browser, headless Chromium; login.mjs does the same without a browser.
//
//   node integration/sigstore/browser.mjs URL [EMAIL]
//
// Opens the URL, types the e-mail address into the form, presses Enter and prints the final page; exit code 1
// if it is an error. CHROMIUM names the program, by default chromium. Only loopback addresses can be reached.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [start, email = 'signer@example.com'] = process.argv.slice(2);
if (!start) {
  console.error('usage: browser.mjs URL [EMAIL]');
  process.exit(2);
}

const profile = mkdtempSync(join(tmpdir(), 'browser-'));
const flags = [
  '--headless=new',
  '--remote-debugging-pipe',
  `--user-data-dir=${profile}`,
  '--no-first-run',
  '--no-proxy-server',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1',
];
if (process.getuid?.() === 0) {
  flags.push('--no-sandbox'); // it does not start as root with one
}
const browser = spawn(process.env.CHROMIUM ?? 'chromium', [...flags, 'about:blank'], {
  stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
});
const ended = new Promise((resolve) => {
  browser.on('exit', resolve);
  browser.on('error', resolve);
});

function fail(message) {
  console.error(`browser: error: ${message}`);
  process.exitCode = 1;
}

// The DevTools protocol: messages in JSON, each ended by a zero byte.
const [, , , toBrowser, fromBrowser] = browser.stdio;
toBrowser.on('error', () => {}); // it ended, which is noticed below
const answers = new Map();
let loaded = () => {};
let received = '';
let number = 0;
fromBrowser.setEncoding('utf8');
fromBrowser.on('data', (text) => {
  const messages = (received + text).split('\0');
  received = messages.pop();
  for (const message of messages.map((json) => JSON.parse(json))) {
    if (message.method === 'Page.loadEventFired') {
      loaded();
    }
    answers.get(message.id)?.(message);
  }
});

let sessionId;
function send(method, params = {}) {
  const id = ++number;
  toBrowser.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
  return new Promise((resolve, reject) => {
    answers.set(id, ({ error, result }) => (error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result)));
  });
}

/** Does something and waits until the page that follows is there. */
async function leadingOn(action) {
  const next = new Promise((resolve) => {
    loaded = resolve;
  });
  await action();
  await next;
}

const evaluate = async (expression) =>
  (await send('Runtime.evaluate', { expression, returnByValue: true })).result.value;

async function signIn() {
  const { targetInfos } = await send('Target.getTargets');
  const { targetId } = targetInfos.find(({ type }) => type === 'page');
  ({ sessionId } = await send('Target.attachToTarget', { targetId, flatten: true }));
  await send('Page.enable');
  await leadingOn(() => send('Page.navigate', { url: start }));
  if (!(await evaluate(`Boolean(document.querySelector('input[name=email]'))`))) {
    throw new Error(`no form at ${await evaluate('location.origin + location.pathname')}`);
  }
  await evaluate(`document.querySelector('input[name=email]').focus()`);
  await send('Input.insertText', { text: email });
  const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 };
  await leadingOn(async () => {
    await send('Input.dispatchKeyEvent', { type: 'keyDown', text: '\r', ...enter });
    await send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter });
  });
  const status = await evaluate(`performance.getEntriesByType('navigation')[0].responseStatus`);
  console.log(await evaluate('location.origin + location.pathname + "\\n" + document.body.innerText'));
  if (status !== 200) {
    throw new Error(`the last page has status ${status}`);
  }
}

/**
 * Removes the profile. Processes of the browser outlive the one that was started and go on writing there for a moment;
 * the retries of rmSync do not list a directory again, so each attempt here starts anew. A profile that stays is told
 * and is no failure: the sign-in has its result by then.
 */
async function removeProfile() {
  for (let attempt = 1; ; attempt++) {
    try {
      rmSync(profile, { recursive: true, force: true });
      return;
    } catch (error) {
      if (attempt === 50) {
        console.error(`browser: warning: the profile stays: ${error.message}`);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

const timeout = new Promise((_, reject) => {
  setTimeout(() => reject(new Error('nothing happens for a minute')), 60_000).unref();
});
const gone = ended.then((reason) => {
  throw new Error(`the browser ended: ${reason?.message ?? reason}`);
});
await Promise.race([signIn(), timeout, gone]).catch((error) => fail(error.message));
browser.kill();
await ended;
await removeProfile();
