-- +goose NO TRANSACTION
-- +goose Up

-- text_grams returns the grams of a text, by which an index finds texts that contain another one: its pairs of characters and its sequences of
-- three, each once. A text of one character has none. The extension pg_trgm has sequences of three alone, of letters and digits alone, and
-- is not installed everywhere. Indexes depend on this function: with another text, they are made again. It calls built-in
-- functions alone, because a restore builds indexes without a search path, and is defined here and not under functions/ because indexes
-- need it.
-- +goose StatementBegin
create or replace function text_grams(p_text text) returns text[]
language sql immutable strict parallel safe
as $$
  select array(
    select distinct (substr(p_text, i, n) collate "C")
    from generate_series(1, char_length(p_text)) i, generate_series(2, 3) n
    where i + n <= char_length(p_text) + 1)
$$;
-- +goose StatementEnd

set lock_timeout = 0;

-- Of API keys none has last_used_at, which enforcement writes: its updates stay heap-only.
-- The order by name.
drop index concurrently if exists api_keys_name_idx;
create index concurrently api_keys_name_idx on api_keys (organization_id, (fold_case(name) collate "C"), id);

-- Texts that contain another one. A search reads the whole list of pending entries, of at most so many KiB.
drop index concurrently if exists api_keys_text_idx;
create index concurrently api_keys_text_idx on api_keys
  using gin (text_grams(fold_case(name || e'\x01' || coalesce(description, '') || e'\x01' || prefix)) collate "C") with (gin_pending_list_limit = 64);

drop index concurrently if exists api_keys_prefix_idx;
create index concurrently api_keys_prefix_idx on api_keys (prefix);

-- Statuses that few keys may have.
drop index concurrently if exists api_keys_revoked_idx;
create index concurrently api_keys_revoked_idx on api_keys (organization_id, id) where revoked_at is not null;
drop index concurrently if exists api_keys_disabled_idx;
create index concurrently api_keys_disabled_idx on api_keys (organization_id, id) where revoked_at is null and not enabled;

drop index concurrently if exists api_keys_former_creator_id_idx;
create index concurrently api_keys_former_creator_id_idx on api_keys (organization_id, former_creator_id) where former_creator_id is not null;

-- Budgets that settled usage has filled: see full_subjects_at.
drop index concurrently if exists alerts_exhausted_idx;
create index concurrently alerts_exhausted_idx on alerts (organization_id, period_end, budget_limit_id)
  where kind = 'EXHAUSTED';

-- What one member or access token did.
drop index concurrently if exists audit_log_actor_idx;
create index concurrently audit_log_actor_idx on audit_log (organization_id, actor, id);
reset lock_timeout;
