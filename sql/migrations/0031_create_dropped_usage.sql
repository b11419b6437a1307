-- +goose Up

-- What is left of ledger rows and reservations that were deleted past their retention, written in the transaction that
-- deleted them: so that counters and roll-ups can still be proved.

-- Usage of a month whose ledger partition was dropped.
create table dropped_usage_months (
  organization_id uuid not null,
  month timestamptz not null,
  requests numeric not null,
  input_tokens numeric not null,
  output_tokens numeric not null,
  cached_input_tokens numeric not null,
  cost_nanos numeric not null,
  constraint dropped_usage_months_pkey primary key (organization_id, month)
);
comment on column dropped_usage_months.month is 'First instant of the month, UTC.';
create index dropped_usage_months_month_idx on dropped_usage_months (month);

-- What was charged to a limit in a period: by dropped ledger rows, and, to request windows, by deleted reservations.
create table dropped_charges (
  organization_id uuid not null,
  limit_id uuid not null,
  period_number integer not null,
  requests numeric not null,
  tokens numeric not null,
  cost_nanos numeric not null,
  constraint dropped_charges_pkey primary key (organization_id, limit_id, period_number),
  constraint dropped_charges_limit_id_fkey foreign key (organization_id, limit_id) references limits on delete cascade
);

-- +goose Down
drop table dropped_charges, dropped_usage_months;
