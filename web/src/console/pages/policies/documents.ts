// What the pages of policies ask, and change.

import { graphql } from "../../gql";

export const PolicyFields = graphql(`
  fragment PolicyFields on Policy {
    id
    name
    version
    updatedAt
    owner { __typename ... on Organization { id name } ... on Workspace { id name } }
    mode
    conditions { attribute in notIn }
    groupBy
    maxGroups
    groupCount
    budgetLimits {
      id policyId type amount raised alertThresholds alertThresholdPercents thresholds { amount percent }
      alertRecipients { kind threshold thresholdPercent emails includeSubjectRecipients } periodicReset resetDays resetAnchor timeZone
      weekStartsOn dayOfMonth enabled mode version
      raises { values { attribute value } by until reason grantedBy grantedAt }
    }
    rateLimits { id policyId type limit interval enabled mode version }
  }
`);

export const PoliciesQuery = graphql(`
  query PoliciesPage($organization: ID!) {
    node(id: $organization) {
      __typename
      ... on Organization { id policies { ...PolicyFields } }
    }
  }
`);

export const PolicyQuery = graphql(`
  query PolicyById($id: ID!) {
    node(id: $id) {
      __typename
      ... on Policy {
        ...PolicyFields
        createdAt
        overrides { limitId values { attribute value } amount }
      }
    }
  }
`);

export const GroupsQuery = graphql(`
  query PolicyGroups($id: ID!, $first: Int!, $after: String, $search: String) {
    node(id: $id) {
      __typename
      ... on Policy {
        id
        groups(first: $first, after: $after, search: $search) {
          totalCount
          nodes {
            values { attribute value }
            share
            createdAt
            limits { limitId kind type max used reserved remaining resetsAt }
          }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }
`);

export const CreatePolicy = graphql(`
  mutation CreatePolicy($input: CreatePolicyInput!) { createPolicy(input: $input) { policy { ...PolicyFields } } }
`);

export const UpdatePolicy = graphql(`
  mutation UpdatePolicy($input: UpdatePolicyInput!) { updatePolicy(input: $input) { policy { ...PolicyFields } } }
`);

export const DeletePolicy = graphql(`
  mutation DeletePolicy($input: DeletePolicyInput!) {
    deletePolicy(input: $input) { deletedId organization { id policies { ...PolicyFields } } }
  }
`);

export const SetOverride = graphql(`
  mutation SetPolicyOverride($input: SetPolicyOverrideInput!) {
    setPolicyOverride(input: $input) { policy { ...PolicyFields overrides { limitId values { attribute value } amount } } }
  }
`);

export const RaisePolicyBudget = graphql(`
  mutation RaisePolicyBudget($input: RaiseBudgetInput!) { raiseBudget(input: $input) { policy { ...PolicyFields } } }
`);
