-- +goose Up

-- A lease is a reservation that several records draw on. requests, tokens and cost_nanos are what it still holds.
alter table reservations add column leased bigint[];
comment on column reservations.leased is 'What a lease was granted: requests, tokens and nano-dollars; null for a reservation.';

-- This function names all columns of the table that it returns: see 0054.
-- +goose StatementBegin
do $$
begin
  if to_regprocedure('reservations_at(timestamptz)') is not null then
    set local check_function_bodies = off;
    execute regexp_replace(pg_get_functiondef('reservations_at(timestamptz)'::regprocedure), '(\s+from reservations r)', ', r.leased\1');
  end if;
end
$$;
-- +goose StatementEnd

-- Functions of release 1 do not know the type. The block is for sqlc, which takes it for a table.
-- +goose StatementBegin
do $$
begin
  alter type priced_reservation_batch add attribute any_leased boolean; -- a report is on a lease
end
$$;
-- +goose StatementEnd
