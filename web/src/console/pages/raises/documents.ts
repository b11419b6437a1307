// What the pages ask and change about raises of budgets.

import { graphql } from "../../gql";

export const RaisesQuery = graphql(`
  query BudgetRaises($id: ID!) {
    node(id: $id) { __typename ... on BudgetLimit { id type raises { by until reason grantedAt } } }
  }
`);

export const RaiseBudget = graphql(`
  mutation RaiseKeyBudget($input: RaiseBudgetInput!) {
    raiseBudget(input: $input) { budgetLimit { ...KeyBudget raises { by until reason grantedAt } } }
  }
`);

export const RaiseRequestFields = graphql(`
  fragment RaiseRequestFields on RaiseRequest {
    id by type until reason status requestedAt decidedAt decisionReason
    budgetLimit { ...KeyBudget subject { __typename id name } }
    member { id email name }
  }
`);

export const RequestRaise = graphql(`
  mutation RequestKeyRaise($input: RequestRaiseInput!) { requestRaise(input: $input) { raiseRequest { ...RaiseRequestFields } } }
`);

export const GrantRaise = graphql(`
  mutation GrantKeyRaise($input: DecideRaiseInput!) { grantRaise(input: $input) { raiseRequest { ...RaiseRequestFields } } }
`);

export const DeclineRaise = graphql(`
  mutation DeclineKeyRaise($input: DecideRaiseInput!) { declineRaise(input: $input) { raiseRequest { ...RaiseRequestFields } } }
`);

export const RaiseRequestsQuery = graphql(`
  query RaiseRequestsPage($organizationId: ID!, $policies: Boolean!, $status: RaiseRequestStatus, $first: Int, $after: String, $last: Int, $before: String) {
    raiseRequests(organizationId: $organizationId, status: $status, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes { ...RaiseRequestFields policy @include(if: $policies) { id name } groupValues { attribute value } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);
