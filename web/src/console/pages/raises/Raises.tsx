import { useQuery } from "urql";
import { Time } from "../../ui/Format";
import { amount } from "../../ui/format";
import { ErrorNote } from "../../ui/Note";
import { RaisesQuery } from "./documents";

/** The raises of a budget that are in force. */
export function Raises({ budgetId, className }: { budgetId: string; className: string | undefined }) {
  const [{ data, error }] = useQuery({ query: RaisesQuery, variables: { id: budgetId } });
  if (error) return <ErrorNote title="The raises could not be read." error={error} />;
  const budget = data?.node?.__typename === "BudgetLimit" ? data.node : undefined;
  return budget?.raises.map(({ by, until, reason, grantedAt }) => (
    <p key={`${grantedAt} ${by}`} className={className}>
      {amount(by, budget.type)} more {until ? <>until <Time at={until} /></> : "until it is reset"}
      {reason ? `: ${reason}` : ""}
    </p>
  ));
}
