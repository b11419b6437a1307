import { getRouteApi, Link } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";
import { useQuery } from "urql";
import { hasCode } from "../../app/errors";
import { NotFound } from "../../app/NotFound";
import { useViewer } from "../../app/viewer";
import type { PriceFieldsFragment } from "../../gql/graphql";
import { Button, ButtonLink } from "../../ui/Button";
import { ErrorNote } from "../../ui/Note";
import { Card, Page } from "../../ui/Page";
import { PageLoading } from "../../ui/PageLoading";
import { Status } from "../../ui/Status";
import { PriceById, PricesPage as Query } from "./documents";
import { EndPriceDialog } from "./EndPriceDialog";
import { PriceFacts } from "./PriceFacts";
import { PricesTable } from "./PricesTable";
import { RatesTable } from "./RatesTable";
import { pricesSearch } from "./search";
import { useNow } from "./useNow";
import { stateOf } from "./words";

const route = getRouteApi("/shell/prices/$priceId");

/** One price: all of its rates, and what came before and after it. */
export function PricePage(): ReactElement {
  const { priceId } = route.useParams();
  const [{ data, error }, retry] = useQuery({ query: PriceById, variables: { id: priceId } });
  const price = data?.node?.__typename === "Price" ? data.node : undefined;
  if (price) return <Known key={price.id} price={price} />;
  if (hasCode(error, "NOT_FOUND") || hasCode(error, "BAD_USER_INPUT") || data?.node) return <NotFound what="price" />;
  if (error) {
    return (
      <Page title="Price" trail={<Link to="/prices">Prices</Link>}>
        <ErrorNote title="The price could not be read." error={error} onRetry={() => retry({ requestPolicy: "network-only" })} />
      </Page>
    );
  }
  return <PageLoading />;
}

const words = { now: "In effect", later: "Later", over: "Over" } as const;

function Known({ price }: { price: PriceFieldsFragment }) {
  const { can } = useViewer();
  const [ending, setEnding] = useState(false);
  const now = useNow(price.effectiveTo).getTime();
  const state = stateOf(price, now);
  // Everybody's prices are the operator's; an administrator sets one of the organization's own beside them.
  const mayChange = can.operate || (can.administer && price.organization != null);
  const call = pricesSearch({ tab: "cost", provider: price.provider, ...(price.model.endsWith("*") ? {} : { model: price.model }) });
  return (
    <Page
      title={price.model}
      trail={<Link to="/prices">Prices</Link>}
      aside={<Status tone={state === "now" ? "good" : "neutral"}>{words[state]}</Status>}
      actions={
        <>
          <ButtonLink to="/prices" search={call}>
            Cost of a call
          </ButtonLink>
          {mayChange && state !== "over" && <Button onClick={() => setEnding(true)}>End…</Button>}
          {can.administer && (
            <ButtonLink variant="primary" to="/prices/new" search={{ like: price.id }}>
              {mayChange ? "Set a new price" : "Set an own price"}
            </ButtonLink>
          )}
        </>
      }
    >
      <PriceFacts price={price} />
      <Card flush title="Rates">
        <RatesTable rates={price.rates} />
      </Card>
      <History price={price} now={now} />
      {ending && <EndPriceDialog price={price} onClose={() => setEnding(false)} />}
    </Page>
  );
}

/** Every price of the same models of the same owner, newest first. */
function History({ price, now }: { price: PriceFieldsFragment; now: number }) {
  const filter = { provider: price.provider, model: price.model, organizationId: price.organization?.id ?? null };
  const [{ data, error, stale, fetching }] = useQuery({ query: Query, variables: { filter, last: 100 } });
  const prices = data?.prices?.nodes
    .filter(({ model, organization }) => model === price.model && organization?.id === price.organization?.id)
    .sort((a, b) => Date.parse(b.effectiveFrom) - Date.parse(a.effectiveFrom));
  return (
    <Card flush title="History">
      <ErrorNote title="The history could not be read." error={error} />
      <PricesTable label="History of this price" prices={prices} now={now} stale={stale || fetching} />
    </Card>
  );
}
