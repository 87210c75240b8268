// Acts as the user in front of a browser: opens the URL that a client wants to open, signs in, and follows
// all redirects:
//
//   node integration/sigstore/login.mjs URL [EMAIL]
//
// Without an e-mail address it signs in as signer@example.com. Prints the verification code, if there is one
// at the end (the out-of-band flow); exit code 1 if it ends with an error. With BROWSER='node .../login.mjs
// %s' Python's clients, and others that support this variable, use it as a browser.

const [start, email = 'signer@example.com'] = process.argv.slice(2);
if (!start) {
  console.error('usage: login.mjs URL [EMAIL]');
  process.exit(2);
}

const cookies = new Map();

async function open(url, options = {}) {
  const response = await fetch(url, {
    ...options,
    redirect: 'manual',
    headers: { ...options.headers, Cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
  });
  for (const cookie of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
    cookies.set(name, value);
  }
  const location = response.headers.get('Location');
  return location ? open(new URL(location, url)) : { url, response, text: await response.text() };
}

let at = await open(new URL(start));
if (at.text.includes('name="email"')) {
  at = await open(at.url, { method: 'POST', body: new URLSearchParams({ email }) });
}
if (!at.response.ok) {
  console.error(`login: error: ${at.response.status} at ${at.url.origin}${at.url.pathname}: ${at.text.trim()}`);
  process.exit(1);
}
const code = /<code id="code">([^<]+)</.exec(at.text)?.[1];
if (code) {
  console.log(code);
}
