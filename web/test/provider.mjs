import { createHash, createSign, generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

const base64 = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/**
 * A small OpenID Connect provider for one public client: discovery, keys, authorization code flow with PKCE. Its sign-in page
 * lets in `provider.person` without asking, or answers `provider.refusal` if that is set. `requests` collects what it was asked.
 */
export async function startProvider(clientId) {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const codes = new Map();
  const provider = { person: undefined, refusal: undefined, requests: [] };

  const sign = (claims) => {
    const signed = `${base64({ alg: "RS256", kid: "1", typ: "JWT" })}.${base64(claims)}`;
    return `${signed}.${createSign("RSA-SHA256").update(signed).sign(privateKey, "base64url")}`;
  };
  const authorize = (query) => {
    const target = new URL(query.get("redirect_uri"));
    target.searchParams.set("state", query.get("state"));
    if (provider.refusal) {
      target.searchParams.set("error", provider.refusal);
    } else {
      const code = randomUUID();
      codes.set(code, { challenge: query.get("code_challenge"), nonce: query.get("nonce"), redirectUri: query.get("redirect_uri") });
      target.searchParams.set("code", code);
    }
    return target.href;
  };
  /** Answers as RFC 6749 and RFC 7636 ask: a code works once, with the verifier of its challenge. */
  const exchange = (form) => {
    const kept = codes.get(form.get("code"));
    codes.delete(form.get("code"));
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (!kept || challenge !== kept.challenge || form.get("redirect_uri") !== kept.redirectUri || form.get("client_id") !== clientId) {
      return { status: 400, body: { error: "invalid_grant" } };
    }
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: provider.origin,
      sub: provider.person,
      aud: clientId,
      azp: clientId,
      iat: now,
      exp: now + 600,
      nonce: kept.nonce,
      email: provider.person,
      email_verified: true,
    };
    return { status: 200, body: { access_token: randomUUID(), token_type: "Bearer", expires_in: 600, id_token: sign(claims) } };
  };

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    provider.requests.push({ pathname, searchParams });
    const json = (status, body) =>
      response.writeHead(status, { "Content-Type": "application/json", "Access-Control-Allow-Origin": "*" }).end(JSON.stringify(body));
    if (pathname === "/.well-known/openid-configuration") {
      json(200, {
        issuer: provider.origin,
        authorization_endpoint: `${provider.origin}/authorize`,
        token_endpoint: `${provider.origin}/token`,
        jwks_uri: `${provider.origin}/keys`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
        code_challenge_methods_supported: ["S256"],
      });
    } else if (pathname === "/keys") {
      json(200, { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "1", use: "sig", alg: "RS256" }] });
    } else if (pathname === "/authorize") {
      response.writeHead(302, { Location: authorize(searchParams) }).end();
    } else if (pathname === "/token" && request.method === "POST") {
      const { status, body } = exchange(new URLSearchParams(await text(request)));
      json(status, body);
    } else {
      json(404, {});
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  provider.origin = `http://127.0.0.1:${server.address().port}`;
  provider.stop = () => new Promise((resolve) => server.close(resolve).closeAllConnections());
  return provider;
}
