-- +goose Up

-- Of what a webhook is told. RESET is a budget that is used up no more, TEST was asked for.
create type webhook_event as enum ('THRESHOLD', 'EXHAUSTED', 'REFUSED', 'RESET', 'TEST');
-- The form of what is sent: as Standard Webhooks have it, or as Slack's incoming webhooks take it.
create type webhook_format as enum ('STANDARD', 'SLACK');
create type webhook_delivery_status as enum ('QUEUED', 'DELIVERED', 'FAILED');
