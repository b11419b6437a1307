// What the pages of API keys ask and change.

import { graphql } from "../../gql";

export const KeyLimits = graphql(`
  fragment KeyBudget on BudgetLimit {
    id subjectId type amount used reserved remaining exhausted alertThresholds alertThresholdPercents thresholds { amount percent } alertRecipients { kind threshold thresholdPercent emails includeSubjectRecipients } periodicReset resetDays resetAnchor timeZone weekStartsOn dayOfMonth generation periodStart periodEnd
    enabled mode raised
  }
  fragment KeyRate on RateLimit { id subjectId type limit interval used reserved remaining windowStart resetsAt enabled mode }
`);

export const KeyRow = graphql(`
  fragment KeyRow on ApiKey {
    id name prefix foreignSecret status enabled lastUsedAt createdAt expiresAt
    owner { __typename ... on Organization { id name } ... on Workspace { id name } }
    createdBy { id email name }
    budgetLimits { ...KeyBudget }
    rateLimits { ...KeyRate }
  }
`);

export const KeysQuery = graphql(`
  query KeysTable($filter: ApiKeyFilter, $orderBy: ApiKeyOrder, $first: Int, $after: String, $last: Int, $before: String) {
    apiKeys(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes { ...KeyRow }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

/** What keys spent; a bucket for the whole time. */
export const SpendQuery = graphql(`
  query KeysSpend($filter: UsageFilter!) {
    usage(filter: $filter, interval: MONTH, groupBy: [API_KEY]) { series { dimensions { dimension value } total { cost } } }
  }
`);

/** What can own a key, and who hears of its alerts in any case. */
export const OwnersQuery = graphql(`
  query KeyOwners($organizationId: ID!) {
    node(id: $organizationId) {
      __typename
      ... on Organization {
        id name
        recipientDomains
        recipients { email source }
        workspaces(first: 100) { nodes { id name } }
      }
    }
  }
`);

export const CreatorsQuery = graphql(`
  query KeyCreators($organizationId: ID!) {
    node(id: $organizationId) {
      __typename
      ... on Organization { id members(first: 100) { nodes { id name email } } }
    }
  }
`);

export const EditedKey = graphql(`
  fragment EditedKey on ApiKey {
    id name description prefix foreignSecret status enabled disabledByAdministrator version updatedAt createdAt expiresAt expiresAtMost revokedAt lastUsedAt
    metadata emailNotifications
    owner { __typename ... on Organization { id name } ... on Workspace { id name } }
    createdBy { id name email removedAt }
    recipients { email source suppressedAt suppressedReason }
    budgetLimits { ...KeyBudget }
    rateLimits { ...KeyRate }
  }
`);

export const KeyQuery = graphql(`query KeyToEdit($id: ID!) { apiKey(id: $id) { ...EditedKey } }`);

export const CreateKey = graphql(`
  mutation CreateKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) { secret secretPrefix replayed message apiKey { ...EditedKey } }
  }
`);

export const SaveKey = graphql(`
  mutation SaveKey($input: UpdateApiKeyInput!) { updateApiKey(input: $input) { apiKey { ...EditedKey } } }
`);

/** Enables or disables a key: what else a row shows of it follows. */
export const SwitchKey = graphql(`
  mutation SwitchKey($input: UpdateApiKeyInput!) { updateApiKey(input: $input) { apiKey { id enabled disabledByAdministrator status version updatedAt } } }
`);

export const RotateKey = graphql(`
  mutation RotateKey($input: RotateApiKeyInput!) {
    rotateApiKey(input: $input) { secret secretPrefix transitionEndsAt replayed message apiKey { id prefix foreignSecret } }
  }
`);

export const RevokeKey = graphql(`
  mutation RevokeKey($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { id status revokedAt enabled } } }
`);

export const ReleaseHolds = graphql(`
  mutation ReleaseHolds($input: ReleaseReservationsInput!) {
    releaseReservations(input: $input) {
      apiKey { id status budgetLimits { ...KeyBudget } rateLimits { ...KeyRate } }
      released { reservations tokens cost remaining }
    }
  }
`);

export const ReleaseHold = graphql(`
  mutation ReleaseHold($input: ReleaseReservationInput!) { releaseReservation(input: $input) { reservation { id status } } }
`);

export const ResetBudget = graphql(`
  mutation ResetKeyBudget($input: ResetBudgetLimitInput!) { resetBudgetLimit(input: $input) { budgetLimit { ...KeyBudget } } }
`);

export const PeriodsQuery = graphql(`
  query KeyPeriods($id: ID!) {
    node(id: $id) {
      __typename
      ... on BudgetLimit {
        id type amount used reserved periodicReset
        periods(first: 24) { edges { node { generation periodStart periodEnd amount used closedAt } } }
      }
    }
  }
`);

export const UsageQuery = graphql(`
  query KeyUsage($filter: UsageFilter!, $interval: UsageInterval!) {
    usage(filter: $filter, interval: $interval, groupBy: [MODEL], top: 6, orderBy: COST) {
      total { requests tokens cost }
      series { others dimensions { dimension value } total { requests tokens cost } buckets { start requests tokens cost } }
    }
  }
`);

export const EventsQuery = graphql(`
  query KeyEvents($filter: UsageEventFilter!, $first: Int, $after: String, $last: Int, $before: String) {
    usageEvents(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      nodes {
        id recordedAt model provider serviceTier requests inputTokens outputTokens cachedInputTokens cacheWriteTokens cacheWrite1hTokens reasoningTokens
        audioInputTokens audioOutputTokens images webSearches tokens cost unpriced openingOf metadata
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

export const HoldsQuery = graphql(`
  query KeyHolds($filter: ReservationFilter!, $first: Int, $after: String, $last: Int, $before: String) {
    reservations(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes { id status requestId requests tokens cost admittedAt expiresAt }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

export const LeasesQuery = graphql(`
  query KeyLeases($filter: ReservationFilter!) {
    reservations(filter: $filter, first: 100) {
      nodes { id status requests tokens cost granted { requests tokens cost } metadata admittedAt expiresAt }
    }
  }
`);

export const AlertsQuery = graphql(`
  query KeyAlerts($filter: AlertFilter!, $first: Int, $after: String, $last: Int, $before: String) {
    alerts(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes {
        id kind type threshold requested reserved amount used raisedAt periodStart periodEnd
        deliveries { email status attempts lastError sentAt queuedAt }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

export const AuditQuery = graphql(`
  query KeyAudit($filter: AuditFilter!, $first: Int, $after: String, $last: Int, $before: String) {
    auditLog(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      nodes { id action actor actorNode { __typename ... on Member { id email memberName: name } ... on AccessToken { id name } } before after reason at }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

export const CheckQuery = graphql(`
  query KeyCheck($input: CheckUsageInput!) {
    checkUsage(input: $input) {
      allowed httpStatus retryAfterSeconds
      denials { reason message limitId retryAt }
      limits { limitId subjectId kind type max used reserved remaining resetsAt }
    }
  }
`);

/** Who would be told what of a budget that is not saved yet. */
export const PreviewAlerts = graphql(`
  query PreviewAlerts($input: PreviewAlertsInput!) {
    previewAlerts(input: $input) {
      alerts {
        kind
        purpose
        threshold
        thresholdPercent
        raisedNow
        subject
        text
        recipientCount
        recipients {
          email
          source
          reach
          formerMember
        }
      }
    }
  }
`);
