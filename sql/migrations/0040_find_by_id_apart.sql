-- +goose Up

-- An index on the id alone finds a row in whichever organization it is. As a B-tree it has an order, too, and a planner that
-- is asked for the newest of an organization with many rows prefers it to the index that begins with the organization: it
-- then walks through everybody else's newer rows. A hash index has no order.
drop index api_keys_id_idx, workspaces_id_idx, members_id_idx, access_tokens_id_idx, alerts_id_idx, audit_log_id_idx;
create index api_keys_id_idx on api_keys using hash (id);
create index workspaces_id_idx on workspaces using hash (id);
create index members_id_idx on members using hash (id);
create index access_tokens_id_idx on access_tokens using hash (id);
create index alerts_id_idx on alerts using hash (id);
create index audit_log_id_idx on audit_log using hash (id);

-- The order of the operator's lists, which go through all organizations: the same as by id, but nothing else asks for it.
create index api_keys_newest_idx on api_keys (uuid_send(id));
create index alerts_newest_idx on alerts (uuid_send(id));
create index audit_log_newest_idx on audit_log (uuid_send(id));

-- +goose Down
drop index audit_log_newest_idx, alerts_newest_idx, api_keys_newest_idx;
drop index api_keys_id_idx, workspaces_id_idx, members_id_idx, access_tokens_id_idx, alerts_id_idx, audit_log_id_idx;
create index api_keys_id_idx on api_keys (id);
create index workspaces_id_idx on workspaces (id);
create index members_id_idx on members (id);
create index access_tokens_id_idx on access_tokens (id);
create index alerts_id_idx on alerts (id);
create index audit_log_id_idx on audit_log (id);
