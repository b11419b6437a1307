import type { UnpricedUsageQuery, UsageInterval } from "../../gql/graphql";
import type { Range } from "../../time/range";
import { Button, ButtonLink } from "../../ui/Button";
import type { Column } from "../../ui/DataTable";
import { None } from "../../ui/Format";
import { count } from "../../ui/format";
import styles from "./Prices.module.css";
import { given, type SetPriceSearch } from "./search";

/** Usage of a model of which some has no price. */
export interface Unpriced {
  provider: string | undefined;
  model: string | undefined;
  unpriced: number;
  /** Usage events without a price: an event may count for no request. */
  events: number;
  requests: number;
  tokens: number;
}

/** The models that have unpriced usage, those with most unpriced requests first. */
export function unpricedOf(report: Pick<NonNullable<UnpricedUsageQuery["usage"]>, "series">): Unpriced[] {
  return report.series
    .filter(({ total }) => total.unpricedEvents > 0)
    .map(({ dimensions, total }) => ({
      provider: dimensions.find(({ dimension }) => dimension === "PROVIDER")?.value ?? undefined,
      model: dimensions.find(({ dimension }) => dimension === "MODEL")?.value ?? undefined,
      unpriced: total.unpricedRequests,
      events: total.unpricedEvents,
      requests: total.requests,
      tokens: total.tokens,
    }))
    .sort((a, b) => b.unpriced - a.unpriced || b.events - a.events);
}

/** Few buckets, so that a report has room for many models; days where the range is not one of whole months. */
export function reportInterval({ from, to }: Range): UsageInterval {
  const days = (to.getTime() - from.getTime()) / 86_400_000;
  return days <= 2 ? "HOUR" : days <= 100 ? "DAY" : "MONTH";
}

interface Offered {
  /** The first day of the range: a price has to reach back to it. */
  since: string;
  onReprice: (model: string) => void;
}

/** The columns; without `offered` nothing can be done about it. */
export const unpricedColumns = (offered: Offered | undefined): Column<Unpriced>[] => [
  {
    id: "model",
    header: "Model",
    grow: true,
    cell: ({ provider, model }) => (
      <>
        <span className={styles.name}>{model ?? <None label="no model named" />}</span>
        <span className={styles.second}>
          {model === undefined ? "gateways named no model, so that no price is for it" : (provider ?? "no provider named")}
        </span>
        {offered && model !== undefined && (
          <span className={styles.narrowOnly}>
            <Actions model={model} provider={provider} {...offered} />
          </span>
        )}
      </>
    ),
  },
  {
    id: "unpriced",
    header: "Unpriced",
    align: "right",
    sortValue: ({ unpriced }) => unpriced,
    cell: ({ unpriced, events, requests }) => (
      <>
        {count(unpriced)}
        <span className={`${styles.second} ${styles.nowrap}`}>of {count(requests)}</span>
        {unpriced === 0 && <span className={`${styles.second} ${styles.nowrap}`}>usage events: {count(events)}</span>}
      </>
    ),
  },
  { id: "tokens", header: "Tokens", align: "right", wideOnly: true, sortValue: ({ tokens }) => tokens, cell: ({ tokens }) => count(tokens) },
  ...(offered
    ? [
        {
          id: "actions",
          header: "Actions",
          headerHidden: true,
          align: "right",
          wideOnly: true,
          cell: (row) => row.model !== undefined && <Actions model={row.model} provider={row.provider} {...offered} />,
        } satisfies Column<Unpriced>,
      ]
    : []),
];

function Actions({ model, provider, since, onReprice }: Offered & { model: string; provider: string | undefined }) {
  return (
    <span className={styles.rowActions}>
      <ButtonLink small to="/prices/new" search={given<SetPriceSearch>({ provider, model, since, then: "unpriced" })}>
        Set a price
      </ButtonLink>
      <Button small variant="quiet" icon="refresh" aria-label={`Price again: ${model}`} onClick={() => onReprice(model)}>
        Price again
      </Button>
    </span>
  );
}
