import { useNavigate, useSearch } from "@tanstack/react-router";
import { useQuery } from "urql";
import { fieldErrors, hasCode } from "../../app/errors";
import { useViewer } from "../../app/viewer";
import { ButtonLink } from "../../ui/Button";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/Note";
import { Card } from "../../ui/Page";
import { CallForm } from "./CallForm";
import { CostParts } from "./CostParts";
import { PriceOf } from "./documents";
import styles from "./Prices.module.css";
import { pricesSearch, quantityNames, given, type PricesSearch } from "./search";

/** What a call costs, rate by rate. The call is in the address: usage events link to their own. */
export function CostTab() {
  const { organization, can } = useViewer();
  const call = useSearch({ from: "/shell/prices" });
  const navigate = useNavigate();
  const asked = call.model !== undefined;
  const input = {
    organizationId: organization.id,
    provider: call.provider ?? null,
    model: call.model ?? "",
    at: call.when ?? null,
    serviceTier: call.tier ?? "STANDARD",
    usage: Object.fromEntries(quantityNames.map((name) => [name, call[name] ?? (name === "requests" ? 1 : 0)])),
  } as const;
  const [{ data, error, stale, fetching }] = useQuery({ query: PriceOf, variables: { input }, pause: !asked });
  const found = asked && !error ? data?.priceOf : undefined;
  const none = asked && hasCode(error, "NOT_FOUND");
  const ask = (next: PricesSearch) => void navigate({ to: "/prices", search: pricesSearch({ ...next, tab: "cost" }), resetScroll: false });
  return (
    <div className={styles.columns}>
      <CallForm key={JSON.stringify(call)} call={call} errors={none ? {} : fieldErrors(error)} onAsk={ask} />
      <div>
        {asked && !none && <ErrorNote title="The cost could not be computed." error={error} shownFields={Object.keys(fieldErrors(error))} />}
        {found && (
          <Card flush title="Rate by rate">
            <CostParts cost={found} stale={stale || fetching} when={call.when} />
          </Card>
        )}
        {none && (
          <Card>
            <Empty
              title={`No price of ${call.model ?? ""}`}
              action={
                can.administer && (
                  <ButtonLink icon="plus" to="/prices/new" search={given({ provider: call.provider, model: call.model })}>
                    Set a price
                  </ButtonLink>
                )
              }
            >
              {call.provider === undefined
                ? "Nobody’s price is for it then, or several providers have different ones: name the provider."
                : "Neither the organization nor everybody has one for it then. Such calls are unpriced unless the gateway gives their cost."}
            </Empty>
          </Card>
        )}
        {!asked && (
          <Card>
            <Empty title="Name a model">
              Its price, the rates that apply and their sum are shown here. The address keeps the call: send the link.
            </Empty>
          </Card>
        )}
      </div>
    </div>
  );
}
