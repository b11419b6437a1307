-- +goose Up

create type lease_draw as (
  organization_id uuid,
  counter_id uuid,
  period_number integer,
  requests bigint,    -- taken out of what one lease holds of the counter
  tokens bigint,
  cost_nanos bigint
);
comment on type lease_draw is 'What reports took out of the leases that they were booked on, of one counter and period (see draw_on_leases).';
