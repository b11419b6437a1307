import { useMemo, useState } from "react";
import { useMutation, useQuery } from "urql";
import { problems } from "../../../app/errors";
import type { EditedKeyFragment, KeyHoldsQuery } from "../../../gql/graphql";
import { Button } from "../../../ui/Button";
import { DataTable, NarrowOnly, type Column } from "../../../ui/DataTable";
import { ConfirmDialog } from "../../../ui/Dialog";
import { Empty } from "../../../ui/Empty";
import { Money, None, Time } from "../../../ui/Format";
import { count, money } from "../../../ui/format";
import { ErrorNote } from "../../../ui/Note";
import { Card } from "../../../ui/Page";
import { pageArguments, Pager, type PageCursor } from "../../../ui/Pager";
import { useToast } from "../../../ui/Toast";
import { HoldsQuery, ReleaseHold, ReleaseHolds } from "../documents";
import { LeasesCard } from "./LeasesCard";
import styles from "./Lists.module.css";

type Hold = NonNullable<KeyHoldsQuery["reservations"]>["nodes"][number];

interface Properties {
  apiKey: EditedKeyFragment;
  /** Whether holds can be released here. */
  mayRelease: boolean;
  cursor: PageCursor;
  onPage: (cursor: PageCursor) => void;
}

/** What gateways have leased of the key's limits, and what requests in flight hold of them, newest first. */
export function HoldsTab({ apiKey, mayRelease, cursor, onPage }: Properties) {
  const toast = useToast();
  const [{ data, error, stale, fetching }, reload] = useQuery({
    query: HoldsQuery,
    variables: { filter: { apiKeyId: apiKey.id, leases: false }, ...pageArguments(cursor, 25) },
  });
  const [, release] = useMutation(ReleaseHold);
  const [asking, setAsking] = useState(false);
  const list = data?.reservations ?? undefined;
  const shown = useMemo(() => {
    const one = async (hold: Hold) => {
      const { error: failed } = await release({ input: { reservationId: hold.id } });
      toast(failed ? `Not released: ${problems(failed)[0]?.message}` : "The hold is released.", failed ? "danger" : "neutral");
      reload({ requestPolicy: "network-only" });
    };
    return mayRelease ? [...columns, releaseColumn(one)] : columns;
  }, [mayRelease, release, reload, toast]);
  return (
    <>
      <LeasesCard apiKey={apiKey} />
      <div className={styles.above}>
        <p className={styles.muted}>
          A request that is reserved holds its estimate until its usage is recorded, it is released, or it expires.
        </p>
        {mayRelease && list !== undefined && list.totalCount > 0 && <Button onClick={() => setAsking(true)}>Release all…</Button>}
      </div>
      <ErrorNote title="The holds could not be read." error={error} />
      <Card flush>
        <DataTable
          label="Holds"
          columns={shown}
          rows={list?.nodes}
          rowKey={({ id }) => id}
          stale={stale || fetching}
          empty={<Empty title="Nothing is held">No request of this key is in flight.</Empty>}
        />
        <Pager pageInfo={list?.pageInfo} total={list?.totalCount} noun="hold" onPage={onPage} />
      </Card>
      {asking && (
        <ReleaseAll
          keyId={apiKey.id}
          onClose={() => setAsking(false)}
          onDone={() => {
            setAsking(false);
            reload({ requestPolicy: "network-only" });
          }}
        />
      )}
    </>
  );
}

function ReleaseAll({ keyId, onClose, onDone }: { keyId: string; onClose: () => void; onDone: () => void }) {
  const toast = useToast();
  const [{ fetching, error }, release] = useMutation(ReleaseHolds);
  const confirm = async () => {
    const { data } = await release({ input: { apiKeyId: keyId } });
    const released = data?.releaseReservations?.released;
    if (!released) return;
    const rest = released.remaining > 0 ? ` About ${count(released.remaining)} more follow within seconds.` : "";
    toast(`${count(released.reservations)} holds of ${count(released.tokens)} tokens and ${money(released.cost)} are released.${rest}`);
    onDone();
  };
  return (
    <ConfirmDialog
      title="Release all that the key holds?"
      description={
        "Others have the room at once. Requests under way may go on, and what they use is booked in full. " +
        "The key goes on working: disable it to keep it from holding again."
      }
      confirm="Release all"
      danger
      pending={fetching}
      onClose={onClose}
      onConfirm={confirm}
    >
      <ErrorNote title="Nothing was released." error={error} />
    </ConfirmDialog>
  );
}

const columns: readonly Column<Hold>[] = [
  { id: "since", header: "Admitted", wideOnly: true, cell: ({ admittedAt }) => <Time at={admittedAt} /> },
  {
    id: "request",
    header: "Request id",
    grow: true,
    cell: ({ requestId, admittedAt, expiresAt }) => (
      <>
        {requestId ? <code className={styles.id}>{requestId}</code> : <None />}
        <NarrowOnly>
          admitted <Time at={admittedAt} />
        </NarrowOnly>
        <NarrowOnly>
          expires <Time at={expiresAt} />
        </NarrowOnly>
      </>
    ),
  },
  { id: "tokens", header: "Tokens", align: "right", wideOnly: true, cell: ({ tokens }) => count(tokens) },
  { id: "cost", header: "Cost", align: "right", cell: ({ cost }) => <Money dollars={cost} /> },
  { id: "expires", header: "Expires", align: "right", wideOnly: true, cell: ({ expiresAt }) => <Time at={expiresAt} /> },
];

const releaseColumn = (release: (hold: Hold) => void): Column<Hold> => ({
  id: "release",
  header: "Release",
  headerHidden: true,
  align: "right",
  cell: (hold) => (
    <Button small aria-label={`Release the hold of ${hold.requestId ?? hold.id}`} onClick={() => release(hold)}>
      Release
    </Button>
  ),
});
