import { useEffect, useState, type SubmitEvent } from "react";
import type { Access } from "./access";
import { AccessHint } from "./AccessHint";
import { normalizeToken, type Token } from "./token";

interface Properties {
  token: Token;
  access: Access;
  onChange: (token: Token) => void;
}

/** The bar above GraphiQL: the way home, the bearer token for every request, and what the server makes of it. */
export function TokenBar({ token, access, onChange }: Properties) {
  const [typed, setTyped] = useState(token.value);
  useEffect(() => setTyped(token.value), [token.value]);

  // Enter, leaving the field and the button all use the token; while it is being typed nothing is asked of the server.
  const use = () => {
    const value = normalizeToken(typed);
    setTyped(value);
    if (value !== token.value) onChange({ ...token, value });
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    use();
  };

  return (
    <header className="bar">
      <a className="home" href="/">
        Bursar
      </a>
      <form className="token" onSubmit={submit}>
        <label htmlFor="token">Access token</label>
        <input
          id="token"
          type="password"
          value={typed}
          placeholder="bst_…"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={access.state === "refused" || access.state === "malformed"}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={use}
        />
        <button type="submit">Use</button>
        <label className="remember" title="Kept in this browser until you clear the box; otherwise until the tab is closed">
          <input
            type="checkbox"
            checked={token.remember}
            onChange={(event) => onChange({ value: normalizeToken(typed), remember: event.target.checked })}
          />
          Remember
        </label>
      </form>
      <AccessHint access={access} />
    </header>
  );
}
