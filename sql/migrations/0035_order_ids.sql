-- +goose Up

-- uuid_v7 keeps the order of what one session makes within a millisecond: the 12 bits behind the version are its fraction, as
-- RFC 9562 allows and PostgreSQL 18 does. An audit log in which a key's revocation could stand before its creation tells a lie.
-- +goose StatementBegin
create or replace function uuid_v7(at timestamptz default clock_timestamp()) returns uuid
language sql volatile parallel safe
as $$
  select encode(
    overlay(uuid_send(gen_random_uuid())
      placing substring(int8send(floor(t.ms)::bigint) from 3) || int2send((28672 + floor((t.ms - floor(t.ms)) * 4096))::smallint)
      from 1 for 8),
    'hex')::uuid
  from (select extract(epoch from at) * 1000 as ms) t
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
create or replace function uuid_v7(at timestamptz default clock_timestamp()) returns uuid
language sql volatile parallel safe
as $$
  select encode(
    set_bit(
      set_bit(
        overlay(uuid_send(gen_random_uuid())
          placing substring(int8send(floor(extract(epoch from at) * 1000)::bigint) from 3)
          from 1 for 6),
        52, 1),
      53, 1),
    'hex')::uuid
$$;
-- +goose StatementEnd
