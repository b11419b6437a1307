import type { ReactNode } from "react";
import type { OverviewTopFragment } from "../../gql/graphql";
import { Empty } from "../../ui/Empty";
import { Money } from "../../ui/Format";
import { percent } from "../../ui/format";
import { Card, Columns } from "../../ui/Page";
import { SubjectLink } from "../../app/SubjectLink";
import styles from "./Overview.module.css";

interface Properties {
  keys: OverviewTopFragment | null | undefined;
  models: OverviewTopFragment | null | undefined;
  workspaces: OverviewTopFragment | null | undefined;
}

/** Which keys, models and workspaces cost most this month. */
export function TopLists({ keys, models, workspaces }: Properties) {
  return (
    <Columns>
      <TopList title="Top keys" unnamed="unknown" report={keys} />
      <TopList title="Top models" unnamed="not named" report={models} />
      <TopList title="Top workspaces" unnamed="no workspace" report={workspaces} />
    </Columns>
  );
}

function TopList({ title, unnamed, report }: { title: string; unnamed: string; report: OverviewTopFragment | null | undefined }) {
  if (!report) return null;
  const total = Number(report.total.cost);
  return (
    <Card title={title} actions={<span className={styles.muted}>this month</span>}>
      {report.series.length === 0 && <Empty title="Nothing was used this month" />}
      <ol className={styles.top}>
        {report.series.map((series, index) => {
          const share = total > 0 ? Number(series.total.cost) / total : 0;
          return (
            <li key={index}>
              <span className={styles.topName}>{series.others ? "All others" : <Name series={series} unnamed={unnamed} />}</span>
              <span className={styles.topShare}>{percent(share)}</span>
              <Money dollars={series.total.cost} />
              <svg className={styles.topBar} aria-hidden="true">
                <rect width="100%" height="100%" />
                <rect className={series.others ? styles.topOthers : styles.topValue} width={`${share * 100}%`} height="100%" />
              </svg>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}

function Name({ series, unnamed }: { series: OverviewTopFragment["series"][number]; unnamed: string }): ReactNode {
  const dimension = series.dimensions[0];
  if (dimension?.node) return <SubjectLink subject={dimension.node} id={dimension.node.id} />;
  return dimension?.value ?? unnamed;
}
