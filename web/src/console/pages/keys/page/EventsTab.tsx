import { Link } from "@tanstack/react-router";
import { useQuery } from "urql";
import type { KeyEventsQuery } from "../../../gql/graphql";
import { DataTable, type Column } from "../../../ui/DataTable";
import { Empty } from "../../../ui/Empty";
import { Money, None, Time } from "../../../ui/Format";
import { count } from "../../../ui/format";
import { ErrorNote } from "../../../ui/Note";
import { Card } from "../../../ui/Page";
import { pageArguments, Pager, type PageCursor } from "../../../ui/Pager";
import { pricesSearch } from "../../prices/search";
import { tierNames } from "../../usage/names";
import { EventsQuery } from "../documents";
import styles from "./Lists.module.css";

type Event = NonNullable<KeyEventsQuery["usageEvents"]>["nodes"][number];

interface Properties {
  keyId: string;
  cursor: PageCursor;
  onPage: (cursor: PageCursor) => void;
}

/** What gateways recorded for a key, newest first. */
export function EventsTab({ keyId, cursor, onPage }: Properties) {
  const [{ data, error, stale, fetching }] = useQuery({
    query: EventsQuery,
    variables: { filter: { apiKeyId: keyId }, ...pageArguments(cursor, 25) },
  });
  const list = data?.usageEvents ?? undefined;
  return (
    <>
      <ErrorNote title="The events could not be read." error={error} />
      <Card flush>
        <DataTable
          label="Usage events"
          columns={columns}
          rows={list?.nodes}
          rowKey={({ id }) => id}
          stale={stale || fetching}
          empty={<Empty title="No usage recorded">What gateways record for this key is listed here, request by request.</Empty>}
        />
        <Pager pageInfo={list?.pageInfo} onPage={onPage} />
      </Card>
    </>
  );
}

/** A number, and below it those of its parts that are not zero. */
function Parted({ whole, parts }: { whole: number; parts: Record<string, number> }) {
  const named = Object.entries(parts).filter(([, value]) => value > 0);
  return (
    <>
      {count(whole)}
      {named.map(([name, value]) => (
        <span key={name} className={styles.second}>
          {count(value)} {name}
        </span>
      ))}
    </>
  );
}

/** What an event cost; of a model, with a link to its computation by the price of then. */
function Cost({ event }: { event: Event }) {
  const { model, cost, unpriced, openingOf, recordedAt, serviceTier, ...quantities } = event;
  const mark = unpriced && <span className={styles.second}>unpriced</span>;
  if (!model || openingOf) {
    return (
      <>
        <Money dollars={cost} />
        {mark}
      </>
    );
  }
  return (
    <Link to="/prices" search={pricesSearch({ ...quantities, tab: "cost", model, tier: serviceTier, when: recordedAt })} title="By the price of then">
      <Money dollars={cost} />
      {mark}
    </Link>
  );
}

const columns: readonly Column<Event>[] = [
  { id: "at", header: "Recorded", cell: ({ recordedAt }) => <Time at={recordedAt} /> },
  {
    id: "model",
    header: "Model",
    grow: true,
    cell: ({ model, provider, serviceTier, openingOf, metadata }) => (
      <>
        {openingOf && <span className={styles.second}>Opening balance: used there before the key was imported</span>}
        {model ?? <None label="no model named" />} {provider && <span className={styles.muted}>{provider}</span>}{" "}
        {serviceTier !== "STANDARD" && <span className={styles.muted}>{tierNames[serviceTier]}</span>}
        {Object.keys(metadata).length > 0 && (
          <span className={styles.second}>
            {Object.entries(metadata)
              .map(([name, value]) => `${name}: ${value}`)
              .join(", ")}
          </span>
        )}
      </>
    ),
  },
  {
    id: "requests",
    header: "Requests",
    align: "right",
    wideOnly: true,
    cell: ({ requests, images, webSearches }) => <Parted whole={requests} parts={{ images, searches: webSearches }} />,
  },
  {
    id: "input",
    header: "Input",
    align: "right",
    wideOnly: true,
    cell: ({ inputTokens, cachedInputTokens, cacheWriteTokens, cacheWrite1hTokens, audioInputTokens }) => (
      <Parted
        whole={inputTokens}
        parts={{
          cached: cachedInputTokens,
          "to cache": cacheWriteTokens - cacheWrite1hTokens,
          "to cache for 1 h": cacheWrite1hTokens,
          audio: audioInputTokens,
        }}
      />
    ),
  },
  {
    id: "output",
    header: "Output",
    align: "right",
    wideOnly: true,
    cell: ({ outputTokens, reasoningTokens, audioOutputTokens }) => (
      <Parted whole={outputTokens} parts={{ reasoning: reasoningTokens, audio: audioOutputTokens }} />
    ),
  },
  { id: "tokens", header: "Tokens", align: "right", cell: ({ tokens }) => count(tokens) },
  { id: "cost", header: "Cost", align: "right", cell: (event) => <Cost event={event} /> },
];
