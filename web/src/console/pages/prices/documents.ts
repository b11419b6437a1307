import { graphql } from "../../gql";

export const PriceFields = graphql(`
  fragment PriceFields on Price {
    id
    provider
    model
    organization {
      id
      name
    }
    effectiveFrom
    effectiveTo
    source
    checkedAt
    maxOutputTokens
    rates {
      unit
      perMillion
      aboveInputTokens
      serviceTier
    }
  }
`);

export const PricesPage = graphql(`
  query PricesPage($filter: PriceFilter, $first: Int, $after: String, $last: Int, $before: String) {
    prices(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes {
        ...PriceFields
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`);

export const PriceById = graphql(`
  query PriceById($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Price {
        ...PriceFields
      }
    }
  }
`);

export const PriceOf = graphql(`
  query PriceOf($input: PriceOfInput!) {
    priceOf(input: $input) {
      cost
      multiplier
      price {
        ...PriceFields
      }
      parts {
        unit
        quantity
        perMillion
        cost
      }
    }
  }
`);

export const Multipliers = graphql(`
  query PriceMultipliers($organization: ID!) {
    node(id: $organization) {
      __typename
      ... on Organization {
        id
        priceMultipliers {
          provider
          multiplier
          effectiveFrom
          effectiveTo
        }
      }
    }
  }
`);

/** Where usage had no price; buckets are not read, so that there may be many models. */
export const UnpricedUsage = graphql(`
  query UnpricedUsage($filter: UsageFilter!, $interval: UsageInterval!) {
    usage(filter: $filter, interval: $interval, groupBy: [PROVIDER, MODEL]) {
      total {
        requests
        unpricedRequests
        unpricedEvents
      }
      series {
        dimensions {
          dimension
          value
        }
        total {
          requests
          tokens
          unpricedRequests
          unpricedEvents
        }
      }
    }
  }
`);

export const SetPrice = graphql(`
  mutation SetPrice($input: SetPriceInput!) {
    setPrice(input: $input) {
      price {
        ...PriceFields
      }
    }
  }
`);

export const EndPrice = graphql(`
  mutation EndPrice($input: EndPriceInput!) {
    endPrice(input: $input) {
      price {
        ...PriceFields
      }
    }
  }
`);

export const SetPriceMultiplier = graphql(`
  mutation SetPriceMultiplier($input: SetPriceMultiplierInput!) {
    setPriceMultiplier(input: $input) {
      organization {
        id
        priceMultipliers {
          provider
          multiplier
          effectiveFrom
          effectiveTo
        }
      }
    }
  }
`);
