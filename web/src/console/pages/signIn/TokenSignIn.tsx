import { useState } from "react";
import { accessToken } from "../../app/credentials";
import { useSession } from "../../app/SessionProvider";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { TextInput } from "../../ui/Inputs";
import styles from "./SignInPage.module.css";

/** Signs in with an access token. `secondary`: people sign in otherwise, as a rule. */
export function TokenSignIn({ secondary }: { secondary: boolean }) {
  const { signIn } = useSession();
  const [open, setOpen] = useState(!secondary);
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState<string>();
  if (!open) {
    return (
      <Button variant="quiet" onClick={() => setOpen(true)}>
        Use an access token
      </Button>
    );
  }
  const submit = () => {
    const credentials = accessToken(typed);
    if (credentials) signIn(credentials);
    else setWrong(typed.trim() === "" ? "Paste a token." : "This cannot be a token: it has blanks or letters outside ASCII.");
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field
        label="Access token"
        hint="Kept in this tab until you close it. bursar dev and bursar token create print tokens."
        error={wrong}
      >
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
      <Button type="submit" variant={secondary ? "secondary" : "primary"}>
        {secondary ? "Sign in with the token" : "Sign in"}
      </Button>
    </form>
  );
}
