import { graphql } from "../../gql";

export const JobsPage = graphql(`
  query JobsPage {
    jobs {
      name
      queue
      schedule
      nextRunAt
      lastSucceededAt
      runs
      failures
      lastRun {
        state
        startedAt
        finishedAt
        error
      }
    }
  }
`);
