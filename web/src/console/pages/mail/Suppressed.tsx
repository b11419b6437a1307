import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import { Time } from "../../ui/Format";
import { Note } from "../../ui/Note";
import { SuppressedRecipients } from "./documents";

/** The organization's recipients who are not written to, because they bounced or complained; nothing when there are none. */
export function Suppressed() {
  const { organization } = useViewer();
  const [{ data }] = useQuery({ query: SuppressedRecipients, variables: { organization: organization.id } });
  const recipients = data?.node?.__typename === "Organization" ? data.node.recipients : [];
  const suppressed = recipients.filter(({ suppressedAt }) => suppressedAt != null);
  if (suppressed.length === 0) return null;
  return (
    <Note tone="warning" title="Not written to">
      <ul>
        {suppressed.map(({ email, suppressedAt, suppressedReason }) => (
          <li key={email}>
            {email}: {suppressedReason === "COMPLAINED" ? "reported a mail as unwanted" : "its server refused mail for good"}
            {suppressedAt && (
              <>
                , <Time at={suppressedAt} />
              </>
            )}
          </li>
        ))}
      </ul>
      <p>An administrator lifts that by adding the address to the recipients again.</p>
    </Note>
  );
}
