-- CreateAPIKey stores a key and its secret's hash. expires_at_most is the latest expiry that a MEMBER may set; null: any. No row
-- when the key would have expired already. Raises api_keys_created_by_id_fkey for another organization's member.
-- name: CreateAPIKey :one
with created as (
  insert into api_keys (organization_id, workspace_id, created_by_id, name, description, prefix, email_notifications,
    metadata, expires_at, expires_at_most)
  select @organization_id, sqlc.narg('workspace_id'), sqlc.narg('created_by_id'), @name, sqlc.narg('description'), @prefix,
    @email_notifications, @metadata, sqlc.narg('expires_at'), sqlc.narg('expires_at_most')
  where sqlc.narg('expires_at')::timestamptz is null or sqlc.narg('expires_at') > clock_timestamp()
  returning *
), secret as (
  insert into api_key_secrets (organization_id, api_key_id, secret_hash)
  select c.organization_id, c.id, @secret_hash from created c
)
select c.id from created c;

-- LockAPIKey returns an API key, and locks it until the transaction ends. No row when there is no such key.
-- name: LockAPIKey :one
select * from api_keys k where k.id = @id and k.organization_id = @organization_id for no key update;

-- UpdateAPIKey changes the columns whose argument is not null; columns that may be null have a flag instead (set_...). No row when
-- there is no such key or it was revoked. Raises api_keys_disabled_by_administrator_check or api_keys_expires_at_most_check when
-- another caller would enable a key that an administrator disabled, or extend an expiry that an administrator set, and
-- api_keys_workspace_id_fkey for a workspace that was deleted.
-- name: UpdateAPIKey :one
update api_keys k set
  name = coalesce(sqlc.narg('name'), k.name),
  description = case when @set_description::boolean then sqlc.narg('description') else k.description end,
  expires_at = case when @set_expires_at::boolean then sqlc.narg('expires_at') else k.expires_at end,
  metadata = coalesce(sqlc.narg('metadata'), k.metadata),
  workspace_id = case when @set_owner::boolean then sqlc.narg('workspace_id') else k.workspace_id end,
  email_notifications = coalesce(sqlc.narg('email_notifications'), k.email_notifications),
  enabled = coalesce(sqlc.narg('enabled'), k.enabled),
  disabled_by_administrator = case when @administrator::boolean then coalesce(not sqlc.narg('enabled'), k.disabled_by_administrator)
    else k.disabled_by_administrator end,
  expires_at_most = case when @administrator and @set_expires_at then sqlc.narg('expires_at') else k.expires_at_most end
where k.id = @id and k.organization_id = @organization_id and k.revoked_at is null
returning *;

-- RotateAPIKey gives a key a new secret and returns the end of the old one's transition; no row when there is no such
-- key or it was revoked.
-- name: RotateAPIKey :one
select t.transition_ends_at::timestamptz as transition_ends_at
from (select rotate_api_key(@organization_id, @id, @secret_hash, @prefix, @transition_seconds) as transition_ends_at) t
where t.transition_ends_at is not null;

-- ReplaceLostSecret gives a key a new secret in place of the current one, which nobody has received, and returns the end of the
-- transition of the one before; no row when there is no such key or it was revoked.
-- name: ReplaceLostSecret :one
select t.transition_ends_at::timestamptz as transition_ends_at
from (select replace_lost_secret(@organization_id, @id, @secret_hash, @prefix, @transition_seconds) as transition_ends_at) t
where t.transition_ends_at is not null;

-- LockAPIKeys locks the organization of API keys before they are changed in a way that ends what they hold.
-- name: LockAPIKeys :exec
select lock_api_keys(@organization_id, @ids::uuid[]);

-- EndHolds gives back what an organization's API keys hold that may not be used any more, up to a bound; the sweep does the rest.
-- name: EndHolds :exec
select end_holds(@organization_id);

-- DisableKeysOf switches off the API keys that a member created, as an administrator does, and gives back what they hold; revoked ones
-- are left as they are.
-- name: DisableKeysOf :exec
select disable_api_keys(@organization_id, array(
  select k.id from api_keys k
  where k.organization_id = @organization_id and k.created_by_id = @member_id::uuid and k.revoked_at is null));

-- RevokeKeysOf revokes the API keys that a member created, permanently. EndHolds gives back what they hold.
-- name: RevokeKeysOf :exec
update api_keys k set revoked_at = clock_timestamp()
where k.organization_id = @organization_id and k.created_by_id = @member_id::uuid and k.revoked_at is null;

-- ListKeysKnownTo returns the API keys that a member, also one who was removed, created, or of which they were shown a secret that is
-- valid, themselves or through an access token that they made, and that may be used: oldest first, at most a number of them, with how
-- many there are in all.
-- name: ListKeysKnownTo :many
select sqlc.embed(k), count(*) over () as total
from api_keys k
where k.organization_id = @organization_id and k.enabled and k.revoked_at is null
  and (k.expires_at is null or k.expires_at > clock_timestamp())
  and (k.created_by_id = @member_id::uuid or k.former_creator_id = @member_id::uuid or k.id in (
    select s.api_key_id from api_key_secrets s
    where s.organization_id = @organization_id and (s.transition_ends_at is null or s.transition_ends_at > clock_timestamp())
      and (s.created_by_id = @member_id::uuid
        or s.created_by_id is null and s.created_by_token_id in (select tokens_made_by(@organization_id, @member_id::uuid)))))
order by k.id limit @number;

-- TransferKeysOf makes another member the creator of the API keys that a member created; revoked ones are left as they are.
-- name: TransferKeysOf :exec
update api_keys k set created_by_id = @to_member_id::uuid
where k.organization_id = @organization_id and k.created_by_id = @member_id::uuid and k.revoked_at is null;

-- RevokeAPIKey revokes a key permanently; one that was revoked before keeps its time. No row when there is no such key.
-- name: RevokeAPIKey :one
update api_keys k set revoked_at = coalesce(k.revoked_at, clock_timestamp())
where k.id = @id and (sqlc.narg('organization_id')::uuid is null or k.organization_id = sqlc.narg('organization_id'))
returning *;

-- FindAPIKeys returns those keys of the given ids that exist, within an organization (null: in any).
-- name: FindAPIKeys :many
select * from api_keys k
where k.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or k.organization_id = sqlc.narg('organization_id'));

-- ListAPIKeys returns a page of API keys, each with its status now: see list_api_keys.
-- name: ListAPIKeys :many
select sqlc.embed(k), api_key_status_at(k, statement_timestamp())::api_key_status as status
from list_api_keys(sqlc.narg('organization_id')::uuid, sqlc.narg('workspace_id')::uuid, @unassigned::boolean, sqlc.narg('created_by_id')::uuid,
  sqlc.narg('statuses')::text[]::api_key_status[], fold_case(sqlc.narg('search')::text), sqlc.narg('prefix')::text, @ordered_by::text,
  @descending::boolean, sqlc.narg('above_id')::uuid, sqlc.narg('above_name')::text, sqlc.narg('above_time')::timestamptz,
  sqlc.narg('below_id')::uuid, sqlc.narg('below_name')::text, sqlc.narg('below_time')::timestamptz, @number::integer)
  with ordinality l (id, place)
join api_keys k on k.id = l.id
where sqlc.narg('organization_id')::uuid is null or k.organization_id = sqlc.narg('organization_id')
order by l.place;

-- CountAPIKeys counts the keys that ListAPIKeys would list in all: see count_api_keys.
-- name: CountAPIKeys :one
select count_api_keys(sqlc.narg('organization_id')::uuid, sqlc.narg('workspace_id')::uuid, @unassigned::boolean,
  sqlc.narg('created_by_id')::uuid, sqlc.narg('statuses')::text[]::api_key_status[], fold_case(sqlc.narg('search')::text),
  sqlc.narg('prefix')::text)::bigint as number;

-- ListAPIKeyStatuses returns the status of each of the given keys now, within an organization (null: in any).
-- name: ListAPIKeyStatuses :many
select k.id, api_key_status_at(k, statement_timestamp())::api_key_status as status
from api_keys k
where k.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or k.organization_id = sqlc.narg('organization_id'));

-- DeleteEndedSecrets deletes rotated secrets whose transition ended more than a day ago, of organizations that are HERE.
-- name: DeleteEndedSecrets :execrows
delete from api_key_secrets s
where s.transition_ends_at <= clock_timestamp() - interval '1 day' and s.organization_id <> all ((select moved_organizations())::uuid[]);
