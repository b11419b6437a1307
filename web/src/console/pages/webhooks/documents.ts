import { graphql } from "../../gql";

export const WebhookFields = graphql(`
  fragment WebhookFields on Webhook {
    id
    name
    origin
    format
    events
    enabled
    disabledReason
    owner {
      __typename
      ... on Organization {
        id
        name
      }
      ... on Workspace {
        id
        name
      }
    }
    transitionEndsAt
    createdAt
    version
  }
`);

export const WebhookDeliveryFields = graphql(`
  fragment WebhookDeliveryFields on WebhookDelivery {
    id
    event
    status
    attempts
    responseStatus
    lastError
    body
    queuedAt
    nextAttemptAt
    settledAt
    alert {
      id
      subject {
        __typename
        id
        name
      }
    }
  }
`);

export const WebhooksPage = graphql(`
  query WebhooksPage($organization: ID!) {
    node(id: $organization) {
      __typename
      ... on Organization {
        id
        webhooks {
          ...WebhookFields
        }
      }
    }
  }
`);

export const WebhookById = graphql(`
  query WebhookById($id: ID!, $administers: Boolean!, $first: Int, $after: String, $last: Int, $before: String) {
    node(id: $id) {
      __typename
      ... on Webhook {
        ...WebhookFields
        url @include(if: $administers)
        deliveries(first: $first, after: $after, last: $last, before: $before) {
          totalCount
          nodes {
            ...WebhookDeliveryFields
          }
          pageInfo {
            hasNextPage
            hasPreviousPage
            startCursor
            endCursor
          }
        }
      }
    }
  }
`);

export const CreateWebhook = graphql(`
  mutation CreateWebhook($input: CreateWebhookInput!) {
    createWebhook(input: $input) {
      secret
      replayed
      webhook {
        ...WebhookFields
      }
    }
  }
`);

export const UpdateWebhook = graphql(`
  mutation UpdateWebhook($input: UpdateWebhookInput!) {
    updateWebhook(input: $input) {
      webhook {
        ...WebhookFields
        url
      }
    }
  }
`);

export const DeleteWebhook = graphql(`
  mutation DeleteWebhook($input: DeleteWebhookInput!) {
    deleteWebhook(input: $input) {
      deletedId
      organization {
        id
        webhooks {
          ...WebhookFields
        }
      }
    }
  }
`);

export const RotateWebhookSecret = graphql(`
  mutation RotateWebhookSecret($input: RotateWebhookSecretInput!) {
    rotateWebhookSecret(input: $input) {
      secret
      webhook {
        ...WebhookFields
      }
    }
  }
`);

export const TestWebhook = graphql(`
  mutation TestWebhook($input: TestWebhookInput!) {
    testWebhook(input: $input) {
      delivery {
        ...WebhookDeliveryFields
      }
    }
  }
`);

export const ResendWebhookDelivery = graphql(`
  mutation ResendWebhookDelivery($input: ResendWebhookDeliveryInput!) {
    resendWebhookDelivery(input: $input) {
      delivery {
        ...WebhookDeliveryFields
      }
    }
  }
`);
