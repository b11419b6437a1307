import { ChipField } from "../../../ui/ChipField";
import { Status } from "../../../ui/Status";
import { aboutAddresses, fold, readAddresses } from "./addresses";
import { at, type Errors } from "./fields";
import styles from "./KeyForm.module.css";

/** Somebody who hears of the key's alerts in any case. */
export interface DefaultRecipient {
  email: string;
  source: "OWNER" | "ADMIN" | "CREATOR";
}

interface Properties {
  recipients: readonly string[];
  saved: readonly string[];
  /** Owners, admins and the creator, each address once. */
  defaults: readonly DefaultRecipient[];
  /** E-mail domains of which addresses may be added; none: any. */
  domains: readonly string[];
  errors: Errors;
  /** Whether saved recipients can be removed; new ones always can. */
  mayRemove: boolean;
  /** What they hear of: a key, whose creator is among the defaults, a workspace or an organization. Default: key. */
  noun?: string;
  onChange: (field: string, recipients: string[]) => void;
  onPending: (field: string, text: string) => void;
}

const sourceText = { OWNER: "owner", ADMIN: "admin", CREATOR: "creator of the key" };

/** Who is mailed: those who are in any case, and those who are added. */
export function Recipients({ recipients, saved, defaults, domains, errors, mayRemove, noun = "key", onChange, onPending }: Properties) {
  const add = (text: string) => {
    const found = readAddresses(text, [...recipients, ...defaults.map((one) => one.email)]);
    if (found.added.length > 0) onChange(at.recipients, [...recipients, ...found.added]);
    return { rest: found.wrong.join(" "), about: aboutAddresses(found) };
  };
  return (
    <>
      <div>
        <h3>Always written to</h3>
        <p className={styles.hint}>
          The organization’s owners and admins{noun === "key" && ", and who created the key"}. They change with their roles, and cannot be
          removed here.
        </p>
        <ul className={styles.defaults}>
          {defaults.map((one) => (
            <li key={fold(one.email)}>
              <span>{one.email}</span> <Status tone="neutral">{sourceText[one.source]}</Status>
            </li>
          ))}
        </ul>
      </div>
      <ChipField
        label="Further recipients"
        hint={
          "Type an address and press Enter or New, or paste a list." +
          (domains.length === 0 ? "" : ` Addresses of ${domains.join(", ")} are allowed.`)
        }
        error={errors[at.recipients]}
        addLabel="New recipient"
        placeholder="finance@example.com"
        inputMode="email"
        chips={recipients.map((email) => ({
          key: email,
          text: email,
          name: email,
          error: errors[at.recipient(email)],
          fixed: !mayRemove && saved.some((one) => fold(one) === fold(email)),
        }))}
        onAdd={add}
        onRemove={(email) =>
          onChange(
            at.recipient(email),
            recipients.filter((one) => one !== email),
          )
        }
        onPending={(text) => onPending(at.recipients, text)}
      />
    </>
  );
}
