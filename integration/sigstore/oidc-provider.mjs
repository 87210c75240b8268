// The OpenID Connect providers of the stack, on 127.0.0.1:
//
//   oidc-provider.mjs DIR KEY.pem EMAIL_PORT CONFIDENTIAL_PORT WORKFLOW_PORT
//
// EMAIL_PORT         e-mail addresses; the client "sigstore" is public and has to use PKCE
// CONFIDENTIAL_PORT  the same, but the client "sigstore" has the secret "sigstore-secret"
// WORKFLOW_PORT      workflows, with the claims that GitHub Actions puts into its tokens
//
// At EMAIL_PORT and CONFIDENTIAL_PORT any identity is accepted without a password;
// integration/sigstore/login.mjs uses this. In addition to OpenID Connect, each has GET /test/token, which
// signs any requested token, in the response format of GitHub Actions: {"value": TOKEN}. Its parameters:
// identity, or uri for workflows; audience (sigstore); expires, in seconds from now (600), negative for an
// expired token.

import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [directory, keyFile, ...ports] = process.argv.slice(2);
const installed = createRequire(resolve(directory, 'npm', 'package.json'));
const { Provider } = await import(pathToFileURL(installed.resolve('oidc-provider')));

const KEY_ID = 'test';
const OUT_OF_BAND = 'urn:ietf:wg:oauth:2.0:oob';
const key = createPrivateKey(readFileSync(keyFile));

// Subjects are opaque, as with real providers, so that they cannot be mistaken for e-mail addresses.
const subject = (email) => `user-${Buffer.from(email).toString('hex')}`;
const emailOf = (sub) => Buffer.from(sub.slice('user-'.length), 'hex').toString();

const emailClaims = (email) => ({ sub: subject(email), email, email_verified: true });

// As in GitHub Actions, for https://github.com/OWNER/REPOSITORY/.github/workflows/FILE@REF
function workflowClaims(uri) {
  const match = /^https:\/\/github\.com\/(([^/]+)\/[^/]+)\/[^@]+@(.+)$/.exec(uri);
  if (!match) {
    throw new RangeError('uri: expected https://github.com/OWNER/REPOSITORY/.github/workflows/FILE@REF');
  }
  const [, repository, owner, ref] = match;
  const commit = '0123456789abcdef0123456789abcdef01234567';
  const workflow = uri.slice('https://github.com/'.length);
  return {
    sub: `repo:${repository}:ref:${ref}`,
    event_name: 'push',
    job_workflow_ref: workflow,
    job_workflow_sha: commit,
    ref,
    repository,
    repository_id: '1001',
    repository_owner: owner,
    repository_owner_id: '1000',
    repository_visibility: 'public',
    run_attempt: '1',
    run_id: '42',
    runner_environment: 'github-hosted',
    sha: commit,
    workflow: 'Release',
    workflow_ref: workflow,
    workflow_sha: commit,
  };
}

function token(issuer, parameters) {
  const now = Math.floor(Date.now() / 1000);
  const lifetime = Number(parameters.get('expires') ?? 600);
  if (!Number.isInteger(lifetime)) {
    throw new RangeError('expires: expected a number of seconds');
  }
  const claims = parameters.has('uri')
    ? workflowClaims(parameters.get('uri'))
    : emailClaims(parameters.get('identity') ?? 'signer@example.com');
  const payload = {
    iss: issuer,
    aud: parameters.get('audience') ?? 'sigstore',
    iat: Math.min(now, now + lifetime - 600),
    exp: now + lifetime,
    ...claims,
  };
  const encode = (json) => Buffer.from(JSON.stringify(json)).toString('base64url');
  const signed = `${encode({ alg: 'RS256', kid: KEY_ID, typ: 'JWT' })}.${encode(payload)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

const page = (title, body) =>
  `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>` +
  `<body><h1>${title}</h1>${body}</body></html>`;

const escape = (text) => text.replace(/[^\w.@ -]/g, (c) => `&#${c.codePointAt(0)};`);

const LOGIN = page(
  'Sign in',
  '<form method="post"><label>E-mail <input type="email" name="email" required autofocus></label>' +
    '<button type="submit">Sign in</button></form>',
);

async function body(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
  }
  return new URLSearchParams(text);
}

function serve(port, secret) {
  const issuer = `http://localhost:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'sigstore',
        // Native, so that any port of the loopback addresses is accepted.
        application_type: 'native',
        redirect_uris: [
          'http://localhost/auth/callback',
          'http://127.0.0.1/auth/callback',
          OUT_OF_BAND,
        ],
        ...(secret
          ? { client_secret: secret, token_endpoint_auth_method: 'client_secret_basic' }
          : { token_endpoint_auth_method: 'none' }),
      },
    ],
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' }] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    // The signing client reads only the ID token.
    conformIdTokenClaims: false,
    findAccount: (_, sub) => ({ accountId: sub, claims: () => emailClaims(emailOf(sub)) }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client.clientId,
        accountId: oidc.session.accountId,
      });
      grant.addOIDCScope('openid email');
      await grant.save();
      return grant;
    },
    pkce: { required: () => !secret },
    cookies: { keys: ['not a secret: this provider is for tests'] },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  });

  for (const event of ['authorization.error', 'grant.error', 'server_error']) {
    provider.on(event, (_, error) => console.error(`${issuer}: ${event}: ${error.error_detail ?? error.stack}`));
  }

  // There is no redirect to the out-of-band address, so the code is shown for the user to copy.
  provider.use(async (context, next) => {
    await next();
    const location = context.response.get('Location');
    if (location?.startsWith(OUT_OF_BAND)) {
      const answer = new URLSearchParams(location.slice(location.indexOf('?')));
      const code = answer.get('code');
      context.remove('Location');
      context.status = code ? 200 : 400;
      context.type = 'html';
      context.body = code
        ? page('Verification code', `<p>Copy this code to the program: <code id="code">${escape(code)}</code></p>`)
        : page('Not signed in', `<p id="error">${escape(answer.get('error_description') ?? answer.get('error'))}</p>`);
    }
  });

  const openid = provider.callback();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, issuer);
    try {
      if (url.pathname === '/test/token') {
        response.setHeader('Content-Type', 'application/json');
        response.end(JSON.stringify({ value: token(issuer, url.searchParams) }));
      } else if (url.pathname.startsWith('/interaction/')) {
        await provider.interactionDetails(request, response);
        if (request.method === 'POST') {
          const email = (await body(request)).get('email');
          // A native client requires consent each time; without it, this would loop for ever.
          const result = email
            ? { login: { accountId: subject(email) }, consent: {} }
            : { error: 'access_denied', error_description: 'nobody signed in' };
          await provider.interactionFinished(request, response, result);
        } else {
          response.setHeader('Content-Type', 'text/html; charset=utf-8');
          response.end(LOGIN);
        }
      } else {
        openid(request, response);
      }
    } catch (error) {
      response.statusCode = 400;
      response.setHeader('Content-Type', 'text/plain; charset=utf-8');
      response.end(`${error.message}\n`);
    }
  });
  server.listen(port, '127.0.0.1');
  return server;
}

const [emailPort, confidentialPort, workflowPort] = ports.map(Number);
const servers = [
  serve(emailPort),
  serve(confidentialPort, 'sigstore-secret'),
  serve(workflowPort),
];
process.on('SIGTERM', () => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});
