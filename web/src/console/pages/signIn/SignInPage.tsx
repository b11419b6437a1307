import { useState } from "react";
import { accessToken } from "../../app/credentials";
import { useSession } from "../../app/SessionProvider";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { TextInput } from "../../ui/Inputs";
import { Note } from "../../ui/Note";
import mark from "../../../mark.svg";
import styles from "./SignInPage.module.css";

/** Asks for an access token. */
export default function SignInPage() {
  const { signIn, ended } = useSession();
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState<string>();
  const submit = () => {
    const credentials = accessToken(typed);
    if (credentials) signIn(credentials);
    else setWrong(typed.trim() === "" ? "Paste a token." : "This cannot be a token: it has blanks or letters outside ASCII.");
  };
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <p className={styles.name}>
          <img src={mark} alt="" width="28" height="28" />
          Bursar
        </p>
        <h1>Sign in</h1>
        {ended && <Note tone="warning">The server does not accept this token any more: it is wrong, expired or revoked.</Note>}
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <Field label="Access token" hint="Kept until you close this tab." error={wrong}>
            <TextInput
              type="password"
              value={typed}
              placeholder="bst_…"
              autoComplete="off"
              spellCheck={false}
              autoFocus
              onChange={(event) => {
                setTyped(event.target.value);
                setWrong(undefined);
              }}
            />
          </Field>
          <Button type="submit" variant="primary">
            Sign in
          </Button>
        </form>
      </div>
    </main>
  );
}
