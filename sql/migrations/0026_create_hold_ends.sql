-- +goose NO TRANSACTION
-- +goose Up

-- Each statement may be run again: the migration is retried as a whole when one of them does not get its lock.

-- API keys whose holds have ended: what a key held at that instant holds nothing any more, although its reservations are still stored as
-- HELD. Written when a key is disabled, is revoked or expires, and when its holds are released; deleted when all are given back.
create table if not exists hold_ends (
  organization_id uuid not null,
  api_key_id uuid not null,
  ended_at timestamptz not null,
  constraint hold_ends_pkey primary key (organization_id, api_key_id)
);
comment on column hold_ends.ended_at is 'Reservations that were admitted until then have ended; all of them while the key may not be used.';

-- A shape (see limit_statuses): what the holds of an API key were when they were released.
create table if not exists released_holds (
  number bigint not null,
  tokens numeric not null,
  cost_nanos numeric not null,
  remaining bigint not null,
  constraint released_holds_shape_check check (false)
);
comment on column released_holds.number is 'Reservations that were ended; remaining ones hold nothing either, and are ended by the sweep.';

-- What a key holds: its open reservations, in the order of their ids. A reservation is in it until it is closed. It does not begin with the
-- organization, so that no statement about an organization's reservations can take it for the index by expiry.
set lock_timeout = 0;
drop index concurrently if exists reservations_api_key_id_idx;
create index concurrently reservations_api_key_id_idx on reservations (api_key_id, id) where status = 'HELD';
-- Keys that have expired since an organization was swept.
drop index concurrently if exists api_keys_expires_at_idx;
create index concurrently api_keys_expires_at_idx on api_keys (organization_id, expires_at) where expires_at is not null;
reset lock_timeout;

-- What keys hold that may not be used any more is given back by the first sweep.
insert into hold_ends (organization_id, api_key_id, ended_at)
select k.organization_id, k.id, clock_timestamp()
from (select distinct r.organization_id, r.api_key_id from reservations r where r.status = 'HELD') r
join api_keys k on k.organization_id = r.organization_id and k.id = r.api_key_id
where k.revoked_at is not null or not k.enabled or k.expires_at <= clock_timestamp()
on conflict (organization_id, api_key_id) do nothing;
