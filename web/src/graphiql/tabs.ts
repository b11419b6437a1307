import checkUsage from "../operations/check_usage.graphql?raw";
import checkUsageVariables from "../operations/check_usage.json?raw";
import createApiKey from "../operations/create_api_key.graphql?raw";
import createApiKeyVariables from "../operations/create_api_key.json?raw";
import extendReservation from "../operations/extend_reservation.graphql?raw";
import extendReservationVariables from "../operations/extend_reservation.json?raw";
import recordUsage from "../operations/record_usage.graphql?raw";
import recordUsageVariables from "../operations/record_usage.json?raw";
import releaseReservation from "../operations/release_reservation.graphql?raw";
import releaseReservationVariables from "../operations/release_reservation.json?raw";
import reserveUsage from "../operations/reserve_usage.graphql?raw";
import reserveUsageVariables from "../operations/reserve_usage.json?raw";

/**
 * What GraphiQL opens with on a first visit: the gateway's operations in the order in which a gateway sends them, then
 * an administrator's. Later visits restore the tabs that the browser kept (see editorStorage).
 */
export const defaultTabs = [
  tab(checkUsage, checkUsageVariables),
  tab(reserveUsage, reserveUsageVariables),
  tab(recordUsage, recordUsageVariables),
  tab(releaseReservation, releaseReservationVariables),
  tab(extendReservation, extendReservationVariables),
  tab(createApiKey, createApiKeyVariables),
];

/**
 * The variables with which the editor starts on a first visit. GraphiQL fills the query editor from the first default
 * tab, but not the variables editor; once the browser keeps tabs of its own, it fills both.
 */
export function firstVariables(storage: Pick<Storage, "getItem">): string | undefined {
  return storage.getItem("graphiql:tabState") === null ? defaultTabs[0]?.variables : undefined;
}

/** One tab, without the line break at the end of its files, which the editors would show as an empty line. */
function tab(query: string, variables: string) {
  return { query: query.trimEnd(), variables: variables.trimEnd() };
}
