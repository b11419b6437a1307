import { graphql } from "../../gql";

/** The limits and recipients of a workspace or an organization. */
export const SubjectLimits = graphql(`
  fragment SubjectLimits on LimitSubject {
    __typename
    id
    name
    version
    updatedAt
    budgetLimits {
      id
      subjectId
      type
      amount
      used
      reserved
      remaining
      exhausted
      alertThresholds
      alertThresholdPercents
      thresholds { amount percent }
      alertRecipients { kind threshold thresholdPercent emails includeSubjectRecipients }
      periodicReset
      resetDays
      resetAnchor
      timeZone
      weekStartsOn
      dayOfMonth
      generation
      periodStart
      periodEnd
      enabled
      mode
      raised
    }
    rateLimits {
      id
      subjectId
      type
      limit
      interval
      used
      reserved
      remaining
      windowStart
      resetsAt
      enabled
      mode
    }
    recipients {
      email
      source
      suppressedAt
      suppressedReason
    }
  }
`);

export const SubjectQuery = graphql(`
  query SubjectToLimit($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Organization {
        ...SubjectLimits
        recipientDomains
      }
      ... on Workspace {
        ...SubjectLimits
        deletedAt
        organization {
          id
          recipientDomains
        }
      }
    }
  }
`);

export const SetLimits = graphql(`
  mutation SetLimits($input: SetLimitsInput!) {
    setLimits(input: $input) {
      subject {
        ...SubjectLimits
      }
    }
  }
`);
