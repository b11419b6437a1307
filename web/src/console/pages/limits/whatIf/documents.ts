import { graphql } from "../../../gql";

export const SimulationFields = graphql(`
  fragment SimulationFields on Simulation {
    id
    subjectId
    from
    to
    status
    percent
    eventsDone
    eventsTotal
    failure
    requestedAt
    interval
    replayed {
      events
      tokens
      cost
    }
    refused {
      events
      tokens
      cost
      firstAt
      keyCount
      days: buckets {
        start
        events
        cost
      }
      hours: buckets(interval: HOUR) @include(if: $hours) {
        start
        events
        cost
      }
      keys {
        apiKeyId
        apiKey {
          id
          name
        }
        events
        tokens
        cost
      }
    }
    budgetLimits {
      type
      amount
      periodicReset
      enabled
      mode
      refused {
        events
        cost
        firstAt
      }
      alerts {
        kind
        threshold
        periods
        firstAt
      }
    }
    rateLimits {
      type
      limit
      interval
      enabled
      mode
      refused {
        events
        cost
        firstAt
      }
    }
  }
`);

/** The latest simulation of limits on a subject's usage. */
export const LatestSimulation = graphql(`
  query LatestSimulation($subjectId: ID!, $hours: Boolean! = false) {
    simulations(filter: { subjectId: $subjectId }, first: 1) {
      nodes {
        ...SimulationFields
      }
    }
  }
`);

export const SimulateLimits = graphql(`
  mutation SimulateLimits($input: SimulateLimitsInput!) {
    simulateLimits(input: $input) {
      simulation {
        id
        status
      }
    }
  }
`);

export const CancelSimulation = graphql(`
  mutation CancelSimulation($input: CancelSimulationInput!) {
    cancelSimulation(input: $input) {
      simulation {
        id
        status
      }
    }
  }
`);
