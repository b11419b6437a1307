import { Link } from "@tanstack/react-router";
import { useMemo, type ReactNode } from "react";
import type { PriceFieldsFragment, PriceUnit } from "../../gql/graphql";
import { dayText } from "../../time/format";
import { DataTable, type Column } from "../../ui/DataTable";
import { None } from "../../ui/Format";
import { Status } from "../../ui/Status";
import styles from "./Prices.module.css";
import { aboveText, furtherText, ownerName, rateText, sourceAddress, standardRates, stateOf } from "./words";

interface Properties {
  label: string;
  prices: readonly PriceFieldsFragment[] | undefined;
  /** Milliseconds, as of Date.now. */
  now: number;
  stale?: boolean;
  empty?: ReactNode;
}

/** Prices, one a row, with the rates that most calls are charged at. */
export function PricesTable({ label, prices, now, stale, empty }: Properties) {
  const columns = useMemo(() => columnsOf(now), [now]);
  return <DataTable label={label} columns={columns} rows={prices} rowKey={({ id }) => id} stale={stale ?? false} empty={empty} />;
}

const columnsOf = (now: number): Column<PriceFieldsFragment>[] => [
  {
    id: "model",
    header: "Model",
    grow: true,
    cell: (price) => (
      <>
        <Link to="/prices/$priceId" params={{ priceId: price.id }} className={styles.name}>
          {price.model}
        </Link>
        <span className={styles.second}>{price.provider}</span>
        <span className={`${styles.second} ${styles.narrowOnly}`}>
          {ownerName(price)}, since {dayText(new Date(price.effectiveFrom))}
          {price.effectiveTo && ` until ${dayText(new Date(price.effectiveTo))}`}
        </span>
      </>
    ),
  },
  { id: "input", header: "Input", align: "right", cell: ({ rates }) => <Rates rates={rates} unit="INPUT_TOKENS" /> },
  { id: "cached", header: "Cached", align: "right", wideOnly: true, cell: ({ rates }) => <Rates rates={rates} unit="CACHED_INPUT_TOKENS" /> },
  { id: "output", header: "Output", align: "right", cell: ({ rates }) => <Rates rates={rates} unit="OUTPUT_TOKENS" /> },
  {
    id: "further",
    header: "Further rates",
    wideOnly: true,
    cell: ({ rates }) => {
      const texts = furtherText(rates);
      return texts.length === 0 ? <None /> : texts.map((text) => <span key={text} className={styles.second}>{text}</span>);
    },
  },
  {
    id: "owner",
    header: "Whose",
    wideOnly: true,
    cell: (price) => <span className={price.organization ? styles.own : styles.second}>{ownerName(price)}</span>,
  },
  { id: "since", header: "In effect", wideOnly: true, cell: (price) => <Span price={price} now={now} /> },
  { id: "source", header: "Source", wideOnly: true, cell: (price) => <span className={styles.source}><Source price={price} /></span> },
];

/** The rate of a unit, and below it those of larger requests. */
function Rates({ rates, unit }: { rates: PriceFieldsFragment["rates"]; unit: PriceUnit }) {
  const { base, larger } = standardRates(rates, unit);
  return (
    <>
      {base ? rateText(base) : <None />}
      {larger.map((rate) => (
        <span key={rate.aboveInputTokens} className={`${styles.second} ${styles.larger}`}>
          {rateText(rate)} {aboveText(rate.aboveInputTokens)}
        </span>
      ))}
    </>
  );
}

/** From when on a price holds, and until when. */
function Span({ price, now }: { price: PriceFieldsFragment; now: number }) {
  const state = stateOf(price, now);
  return (
    <>
      {state === "later" && <Status tone="neutral">Later</Status>}
      {state === "over" && <Status tone="neutral">Over</Status>}
      <span className={styles.nowrap}>since {dayText(new Date(price.effectiveFrom))}</span>
      {price.effectiveTo && <span className={`${styles.second} ${styles.nowrap}`}>until {dayText(new Date(price.effectiveTo))}</span>}
    </>
  );
}

/** Where a price was read, and when. */
export function Source({ price: { source, checkedAt } }: { price: Pick<PriceFieldsFragment, "source" | "checkedAt"> }) {
  const address = source ? sourceAddress(source) : undefined;
  return (
    <>
      {!source && !checkedAt && <None label="not said" />}
      {source && (address ? <a href={address} rel="noreferrer" target="_blank">{source === address ? new URL(address).host : source}</a> : source)}
      {checkedAt && <span className={`${styles.second} ${styles.nowrap}`}>of {dayText(new Date(checkedAt))}</span>}
    </>
  );
}
