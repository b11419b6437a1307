-- +goose Up

-- What an administrator decided about a key, its creator does not undo. Whoever is more than a MEMBER sets these columns with
-- those that they bound; a MEMBER sets the latter alone, and meets the constraints.
alter table api_keys
  add column disabled_by_administrator boolean not null default false,
  add column expires_at_most timestamptz,
  add constraint api_keys_disabled_by_administrator_check check (not (enabled and disabled_by_administrator)),
  add constraint api_keys_expires_at_most_check check (expires_at_most is null or expires_at is not null and expires_at <= expires_at_most);
comment on column api_keys.disabled_by_administrator is 'Whether it was last switched off by somebody who is more than a MEMBER.';
comment on column api_keys.expires_at_most is 'The expires_at that somebody set last who is more than a MEMBER; null when they set none.';

-- +goose Down
alter table api_keys drop column disabled_by_administrator, drop column expires_at_most;
