-- LockImports lets one import at a time work, until the transaction ends: see lock_imports.
-- name: LockImports :exec
select lock_imports();

-- ListImported returns what was imported from an installation of another system.
-- name: ListImported :many
select * from imported_objects o where o.source = @source order by o.kind, o.external_id;

-- ListKnownSecretHashes returns those of the given hashes that are of an API key's secret, of any organization.
-- name: ListKnownSecretHashes :many
select distinct s.secret_hash from api_key_secrets s where s.secret_hash = any (@secret_hashes::bytea[]);

-- ListSlugs returns the slugs of organizations.
-- name: ListSlugs :many
select o.slug from organizations o;

-- ListLiveWorkspaces returns the workspaces of organizations that are not deleted.
-- name: ListLiveWorkspaces :many
select * from workspaces w where w.organization_id = any (@organization_ids::uuid[]) and w.deleted_at is null;

-- NoteImported keeps under which ids objects were known where they come from: see note_imported.
-- name: NoteImported :exec
select note_imported(@organization_id, @source, @objects::jsonb);

-- ImportWorkspaces makes workspaces: see import_workspaces.
-- name: ImportWorkspaces :exec
select import_workspaces(@organization_id, @source, @workspaces::jsonb);

-- ImportAPIKeys makes API keys: see import_api_keys.
-- name: ImportAPIKeys :exec
select import_api_keys(@organization_id, @source, @keys::jsonb);

-- ImportLimits makes limits: see import_limits.
-- name: ImportLimits :exec
select import_limits(@organization_id, @limits::jsonb);

-- ImportOpenings books opening balances: see import_openings.
-- name: ImportOpenings :exec
select import_openings(@organization_id, @system, @openings::jsonb);
