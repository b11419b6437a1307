import { useState, type SubmitEvent } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../../app/viewer";
import { Bar } from "../../../ui/Bar";
import { Button } from "../../../ui/Button";
import { DataTable, type Column } from "../../../ui/DataTable";
import { Empty } from "../../../ui/Empty";
import { Time } from "../../../ui/Format";
import { count, percent } from "../../../ui/format";
import { SearchInput } from "../../../ui/Inputs";
import { ErrorNote } from "../../../ui/Note";
import { Card } from "../../../ui/Page";
import { Status } from "../../../ui/Status";
import { hasGovernance } from "../../keys/governance";
import { GroupsQuery } from "../documents";
import styles from "../Policies.module.css";
import { groupKey, groupText, limitAmount, limitTexts, type Group } from "../words";
import { GroupDialog } from "./GroupDialog";
import type { Policy } from "./PolicyPage";
import type { PolicySearch } from "./search";

interface Properties {
  policy: Policy;
  search: PolicySearch;
  onSearch: (search: PolicySearch, replace?: boolean) => void;
}

/** The groups of a policy, the largest first: how much of each limit they have used, hold and have left. */
export function GroupsTab({ policy, search, onSearch }: Properties) {
  const { can, organization } = useViewer();
  const [chosen, setChosen] = useState<Group["values"]>();
  const [{ data, error, stale, fetching }, retry] = useQuery({
    query: GroupsQuery,
    variables: { id: policy.id, first: 25, after: search.after ?? null, search: search.find ?? null },
  });
  const groups = data?.node?.__typename === "Policy" ? data.node.groups : undefined;
  const mayChange = can.administer && hasGovernance(organization) && policy.budgetLimits.length + policy.rateLimits.length > 0;
  const own = new Set(policy.overrides.map(({ values }) => groupKey(values)));
  const open = groups?.nodes.find(({ values }) => chosen && groupKey(values) === groupKey(chosen));
  const columns = columnsOf(policy, own, mayChange ? (group) => setChosen(group.values) : undefined);
  return (
    <>
      <ErrorNote title="The groups could not be read." error={error} onRetry={() => retry({ requestPolicy: "network-only" })} />
      <Card flush>
        {policy.groupBy.length > 0 && (
          <Find key={search.find} text={search.find ?? ""} onFind={(find) => onSearch(find === "" ? {} : { find }, true)} />
        )}
        <DataTable
          label="Groups"
          columns={columns}
          rows={groups?.nodes}
          rowKey={({ values }) => groupKey(values)}
          stale={stale || fetching}
          empty={
            search.find ? (
              <Empty title="No group like this">No value of a group has this text.</Empty>
            ) : (
              <Empty title="No request yet">A group is made with its first request.</Empty>
            )
          }
        />
        {groups && (
          <nav className={styles.pages} aria-label="Pages of groups">
            <span>
              {count(groups.totalCount)} {groups.totalCount === 1 ? "group" : "groups"}, the largest share of a limit first
            </span>
            <span>
              {search.after && (
                <Button small onClick={() => onSearch(search.find ? { find: search.find } : {})}>
                  To the largest
                </Button>
              )}{" "}
              {groups.pageInfo.hasNextPage && (
                <Button small onClick={() => onSearch({ ...(search.find ? { find: search.find } : {}), after: groups.pageInfo.endCursor ?? "" })}>
                  Next
                </Button>
              )}
            </span>
          </nav>
        )}
      </Card>
      {open && <GroupDialog policy={policy} group={open} onClose={() => setChosen(undefined)} />}
    </>
  );
}

function Find({ text, onFind }: { text: string; onFind: (text: string) => void }) {
  const [typed, setTyped] = useState(text);
  return (
    <form
      role="search"
      className={styles.tools}
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        onFind(typed.trim());
      }}
    >
      <div className={styles.search}>
        <SearchInput
          aria-label="Find a group"
          placeholder="Find a group"
          value={typed}
          maxLength={200}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <Button type="submit">Find</Button>
      {text !== "" && (
        <Button variant="quiet" onClick={() => onFind("")}>
          Show all
        </Button>
      )}
    </form>
  );
}

function columnsOf(policy: Policy, own: ReadonlySet<string>, onChange: ((group: Group) => void) | undefined): Column<Group>[] {
  const names = limitTexts(policy);
  return [
    {
      id: "group",
      header: "Group",
      grow: true,
      cell: ({ values, createdAt }) => (
        <>
          <span className={styles.name}>{groupText(values)}</span>
          {own.has(groupKey(values)) && <Status tone="neutral">Own amount</Status>}
          <span className={styles.note}>
            Since <Time at={createdAt} />
          </span>
        </>
      ),
    },
    { id: "share", header: "Fullest", align: "right", wideOnly: true, cell: ({ share }) => percent(Number(share)) },
    {
      id: "limits",
      header: "Used, held and left",
      cell: ({ limits }) => (
        <div className={styles.bars}>
          {limits.map((limit) => (
            <div key={limit.limitId} className={styles.bar}>
              <span className={styles.figures}>
                {limitAmount(limit.used, limit)} used
                {Number(limit.reserved) > 0 && `, ${limitAmount(limit.reserved, limit)} held`}
                <span className={styles.muted}> of {limitAmount(limit.max, limit)}</span>
              </span>
              <Bar
                thin
                label={
                  `${names.get(limit.limitId) ?? "A limit"}: ${limitAmount(limit.used, limit)} used, ${limitAmount(limit.reserved, limit)} held, ` +
                  `${limitAmount(limit.remaining, limit)} left of ${limitAmount(limit.max, limit)}`
                }
                used={Number(limit.used)}
                held={Number(limit.reserved)}
                max={Number(limit.max)}
              />
            </div>
          ))}
        </div>
      ),
    },
    ...(onChange
      ? [
          {
            id: "change",
            header: "Change",
            headerHidden: true,
            cell: (group: Group) => (
              <Button small aria-label={`Change amounts of ${groupText(group.values)}`} onClick={() => onChange(group)}>
                Change…
              </Button>
            ),
          },
        ]
      : []),
  ];
}
