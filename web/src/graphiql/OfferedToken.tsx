import { useEffect, useRef } from "react";
import type { Access } from "./access";
import { accessText } from "./AccessHint";
import { maskToken } from "./token";

interface Properties {
  used: string;
  access: Access;
  offered: string;
  onUse: () => void;
  onKeep: () => void;
}

/**
 * Asks whether the token that a link has brought shall replace the one in use. Nothing is sent with it and it is kept
 * nowhere until the user says so; Escape, Enter and leaving the page keep the one in use.
 */
export function OfferedToken({ used, access, offered, onUse, onKeep }: Properties) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);

  return (
    <dialog className="offered" ref={dialog} aria-labelledby="offered-title" aria-describedby="offered-text" onClose={onKeep}>
      <h1 id="offered-title">Use another access token?</h1>
      <p id="offered-text">
        The link that you opened brings an access token other than yours. Anybody can make such a link. With its token you
        work in the organization that it belongs to, where others may read what you enter.
      </p>
      <dl>
        <dt>Yours</dt>
        <dd>
          <code>{maskToken(used)}</code> <span>{accessText(access)}</span>
        </dd>
        <dt>The link’s</dt>
        <dd>
          <code>{maskToken(offered)}</code>
        </dd>
      </dl>
      <div className="choices">
        <button type="button" className="keep" autoFocus onClick={onKeep}>
          Keep mine
        </button>
        <button type="button" onClick={onUse}>
          Use the link’s
        </button>
      </div>
    </dialog>
  );
}
