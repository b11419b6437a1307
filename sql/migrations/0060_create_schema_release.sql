-- +goose Up

drop table schema_functions;

-- Which release's schema this is. One row, written when an upgrade is complete; servers look here whether they may work.
create table schema_release (
  id boolean not null default true constraint schema_release_pkey primary key constraint schema_release_id_check check (id),
  number integer not null,
  oldest integer not null,
  fingerprint text not null,
  applied_at timestamptz not null default clock_timestamp()
);
comment on column schema_release.number is 'Goes up by one with the first change of the schema after a release.';
comment on column schema_release.oldest is 'The oldest release whose servers work on this schema. An upgrade to a schema that closes servers out raises it before it changes anything.';
comment on column schema_release.fingerprint is 'SHA-256 of the names of the migrations and of the text of everything that upgrades make again.';

-- What upgrades have made beside the migrations: an upgrade makes what is new or changed, and drops what its release has no more.
create table schema_objects (
  kind text not null constraint schema_objects_kind_check check (kind in ('FUNCTION', 'TRIGGER', 'POLICY')),
  identity text not null,
  hash text not null,
  release integer not null,
  applied_at timestamptz not null default clock_timestamp(),
  constraint schema_objects_pkey primary key (kind, identity)
);
comment on column schema_objects.identity is 'A function with the types of its arguments, as regprocedure shows it; a trigger or a policy with its table: NAME on TABLE.';
comment on column schema_objects.hash is 'SHA-256 of the statement that made it, without comments outside of literals.';
comment on column schema_objects.release is 'The number of the release that made it as it is.';
