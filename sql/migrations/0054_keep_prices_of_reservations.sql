-- +goose Up

-- What a reservation is for, and the price that it fixes. All of it is null in reservations that say nothing of it.
alter table reservations
  add column provider text,
  add column model text,
  add column service_tier service_tier,
  add column metadata jsonb,
  add column price_id uuid,
  add column price_multiplier numeric;
comment on column reservations.provider is 'Who is to be paid; null when not said. So are model and service_tier.';
comment on column reservations.metadata is 'What the gateway noted; null when nothing.';
comment on column reservations.price_id is 'The price of its model when it was admitted, by which its usage is charged; null: there was none, or no model.';
comment on column reservations.price_multiplier is 'The organization''s multiplier of that price then; null: 1.';

-- This function names all columns of the table that it returns. Servers go on calling it until the upgrade replaces it, so the columns are added to
-- its text. A new database has no function yet.
-- +goose StatementBegin
do $$
begin
  if to_regprocedure('reservations_at(timestamptz)') is not null then
    set local check_function_bodies = off;
    execute regexp_replace(pg_get_functiondef('reservations_at(timestamptz)'::regprocedure), '(\s+from reservations r)',
      ', r.provider, r.model, r.service_tier, r.metadata, r.price_id, r.price_multiplier\1');
  end if;
end
$$;
-- +goose StatementEnd

-- What is priced of a batch: of requests what they hold, of reports what they cost.
create type price_batch as (
  cost_nanos bigint[],
  tokens bigint[],             -- null for reports
  price_ids uuid[],            -- null where there is no price, or a cost was given
  multipliers numeric[],       -- the organization's; null: 1
  unpriced boolean[]           -- of requests: denied, because there is no price; of reports: booked without one; null as a whole: none
);

-- What a reservation says of the price of what settles it. Null for a reservation that says nothing, and for a report that names none.
create type reserved_price as (
  admitted_at timestamptz,
  provider text,
  model text,
  service_tier service_tier,
  price_id uuid,
  multiplier numeric
);

-- The reservations that the reports of a batch name. In place of reservation_batch, which the functions of release 1 pass.
create type priced_reservation_batch as (
  of_reports named_reservation[],
  prices reserved_price[],     -- null as a whole where no reservation says anything
  all_open boolean,            -- no report names an unknown key, or a reservation that is unknown, closed or named twice
  any_unreserved boolean       -- a report names no reservation
);
