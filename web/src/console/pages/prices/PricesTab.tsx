import { useNavigate, useSearch } from "@tanstack/react-router";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import { startOfDay } from "../../time/range";
import { Button, ButtonLink } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/Note";
import { Card } from "../../ui/Page";
import { Pager, pageArguments } from "../../ui/Pager";
import { PricesPage as Query } from "./documents";
import { PricesTable } from "./PricesTable";
import { PricesToolbar } from "./PricesToolbar";
import { pricesSearch, type PricesSearch } from "./search";
import styles from "./Prices.module.css";
import { useNow } from "./useNow";

const dayLength = 86_400_000;

/** Everybody's prices and the organization's own, in effect now, at the end of a day, or all that ever were. */
export function PricesTab() {
  const { organization } = useViewer();
  const state = useSearch({ from: "/shell/prices" });
  const navigate = useNavigate();
  const now = useNow();
  const change = (next: PricesSearch) => void navigate({ to: "/prices", search: pricesSearch({ ...next }), resetScroll: false });
  const filter = {
    search: state.search ?? null,
    at: instantOf(state.at, now),
    organizationId: state.own ? organization.id : null,
  };
  const [{ data, error, stale, fetching }, retry] = useQuery({ query: Query, variables: { filter, ...pageArguments(state, 50) } });
  const list = data?.prices;
  const { after, before, ...filters } = state;
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <>
      <PricesToolbar state={filters} onChange={change} />
      <ErrorNote title="The prices could not be read." error={error} onRetry={() => retry({ requestPolicy: "network-only" })} />
      <Card flush>
        <PricesTable
          label="Prices"
          prices={list?.nodes}
          now={now.getTime()}
          stale={stale || fetching}
          empty={isFiltered ? <NoneLikeThis onReset={() => change({})} /> : <NoneAtAll />}
        />
        <Pager
          pageInfo={list?.pageInfo}
          total={list?.totalCount}
          noun="price"
          onPage={(page) => void navigate({ to: "/prices", search: pricesSearch({ ...filters, ...page }) })}
        />
      </Card>
    </>
  );
}

/** The instant of which prices are asked; null: all that ever were. Of a day it is the last one, or now if it is not over. */
function instantOf(at: PricesSearch["at"], now: Date): string | null {
  if (at === "all") return null;
  const start = startOfDay(at);
  if (start === null) return now.toISOString();
  return new Date(start.getTime() + dayLength - 1).toISOString();
}

function NoneLikeThis({ onReset }: { onReset: () => void }) {
  return (
    <Empty title="No price like this" action={<Button onClick={onReset}>All prices of now</Button>}>
      Search for a part of a provider’s or a model’s name. A price of gpt-4.1* is for all models whose names begin so.
    </Empty>
  );
}

/** How prices come, for who reads this can often not make them come. */
function NoneAtAll() {
  const { can } = useViewer();
  return (
    <Empty
      title="No prices yet"
      action={
        can.administer && (
          <ButtonLink icon="plus" to="/prices/new">
            Set a price
          </ButtonLink>
        )
      }
    >
      Nothing is priced by itself. The operator imports a list with <code className={styles.code}>bursar prices import</code>: that in the
      binary, or a file. Until then calls cost what gateways report.
    </Empty>
  );
}
