-- ListChanges returns what has changed in organizations since a snapshot and a position of the ledger each; without these, up to where
-- everything is known now. See list_changes.
-- name: ListChanges :many
select * from list_changes(@organization_ids::uuid[], @snapshots::text[], @positions::bigint[],
  sqlc.narg('recorded_from')::timestamptz, @most::integer);

-- ListValidCallers returns which of a number of callers may still call as they did, by their indexes from 1: see list_valid_callers.
-- name: ListValidCallers :many
select list_valid_callers(@organization_ids::uuid[], @token_ids::uuid[], @member_ids::uuid[], @member_roles::text[])::integer as index;
