import { graphql } from "../../gql";

export const OrganizationFields = graphql(`
  fragment OrganizationFields on Organization {
    id
    name
    slug
    version
    updatedAt
    plan
    governanceEnabled
    memberDomains
    recipientDomains
    keyHoldPercent
    keyHoldSeconds
    leasesAllowed
    leaseSecondsMost
    mergesAllowed
    cell
    region
    createdAt
  }
`);

export const OrganizationPage = graphql(`
  query OrganizationPage($organization: ID!) {
    node(id: $organization) {
      __typename
      ... on Organization {
        ...OrganizationFields
        ...SubjectLimits
      }
    }
  }
`);

export const OrganizationQuotas = graphql(`
  query OrganizationQuotas($organization: ID!) {
    node(id: $organization) {
      __typename
      ... on Organization {
        id
        quotas {
          name
          maximum
          default
          used
        }
      }
    }
  }
`);

export const UpdateOrganization = graphql(`
  mutation UpdateOrganization($input: UpdateOrganizationInput!) {
    updateOrganization(input: $input) {
      organization {
        ...OrganizationFields
      }
    }
  }
`);

export const SetHoldBounds = graphql(`
  mutation SetHoldBounds($input: SetHoldBoundsInput!) {
    setHoldBounds(input: $input) {
      organization {
        ...OrganizationFields
      }
    }
  }
`);

export const SetLeasePolicy = graphql(`
  mutation SetLeasePolicy($input: SetLeasePolicyInput!) {
    setLeasePolicy(input: $input) {
      organization {
        ...OrganizationFields
      }
    }
  }
`);

export const SetRecipientDomains = graphql(`
  mutation SetRecipientDomains($input: SetRecipientDomainsInput!) {
    setRecipientDomains(input: $input) {
      organization {
        ...OrganizationFields
      }
      outsideCount
      outside {
        subjectId
        email
      }
    }
  }
`);

export const SetOrganizationQuotas = graphql(`
  mutation SetOrganizationQuotas($input: SetOrganizationQuotasInput!) {
    setOrganizationQuotas(input: $input) {
      organization {
        id
        quotas {
          name
          maximum
          default
          used
        }
      }
    }
  }
`);
