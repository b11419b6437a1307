-- CreateAccessToken stores a token's hash and returns its id. accepts_key_ids null: every role takes API keys' ids but GATEWAY, whose holders
-- pass on what their callers present. Raises access_tokens_member_id_fkey for a member of another organization, and
-- access_tokens_owner_check for an OWNER token without a member.
-- name: CreateAccessToken :one
insert into access_tokens (organization_id, member_id, name, role, prefix, token_hash, expires_at, accepts_key_ids)
values (@organization_id, sqlc.narg('member_id'), @name, @role::token_role, @prefix, @token_hash, sqlc.narg('expires_at'),
  coalesce(sqlc.narg('accepts_key_ids')::boolean, @role::token_role <> 'GATEWAY'))
returning id;

-- RevokeTokensMadeBy revokes the access tokens that a member made, also one who was removed: see tokens_made_by.
-- name: RevokeTokensMadeBy :exec
update access_tokens t set revoked_at = clock_timestamp()
where t.organization_id = @organization_id and t.revoked_at is null
  and t.id in (select tokens_made_by(@organization_id, @member_id::uuid));

-- ListTokensMadeBy returns the access tokens that a member made, also one who was removed, that are valid and not bound to the member:
-- oldest first, at most a number of them, with how many there are in all.
-- name: ListTokensMadeBy :many
select sqlc.embed(t), count(*) over () as total
from visible_access_tokens t
where t.organization_id = @organization_id and t.id in (select tokens_made_by(@organization_id, @member_id::uuid))
  and t.member_id is distinct from @member_id::uuid
  and t.revoked_at is null and (t.expires_at is null or t.expires_at > clock_timestamp())
order by t.id limit @number;

-- RevokeAccessToken revokes a token; one that was revoked before keeps its time. No row when there is no such token.
-- name: RevokeAccessToken :one
update visible_access_tokens t set revoked_at = coalesce(t.revoked_at, clock_timestamp())
where t.id = @id and (sqlc.narg('organization_id')::uuid is null or t.organization_id = sqlc.narg('organization_id'))
returning *;

-- AuthenticateAccessToken returns the token with a hash and its member, unless it has expired or was revoked, by the database's
-- clock. A token that is bound to a member never has more rights than the member has now: role is the lesser of both for OWNER and
-- ADMIN tokens, and callers must check member_role (null: not bound) as well. It finds the token by its hash and the member by the
-- token, before an organization is known. No row for a bound token whose member is not visible.
-- name: AuthenticateAccessToken :one
select t.organization_id, t.id, t.member_id, t.accepts_key_ids, m.role as member_role,
  (case t.role
    when 'OWNER' then m.role::text
    when 'ADMIN' then greatest(m.role, 'ADMIN')::text -- members' roles ascend from the most to the least
    else t.role::text
  end)::text as role
from find_access_token(@token_hash) t
left join members m on m.organization_id = t.organization_id and m.id = t.member_id
where t.revoked_at is null and (t.expires_at is null or t.expires_at > clock_timestamp())
  and (t.member_id is null or m.id is not null);

-- FindAccessTokens returns those tokens of the given ids that exist, within an organization (null: in any).
-- name: FindAccessTokens :many
select * from visible_access_tokens t
where t.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or t.organization_id = sqlc.narg('organization_id'));

-- ListAccessTokens returns tokens of each of the given organizations between two keyset cursors (null: no bound), oldest first, or
-- newest first if backward; the number is of each organization's.
-- name: ListAccessTokens :many
select t.* from unnest(@organization_ids::uuid[]) o (id)
cross join lateral (
  select * from visible_access_tokens t
  where t.organization_id = o.id and (sqlc.narg('after')::uuid is null or t.id > sqlc.narg('after'))
    and (sqlc.narg('before')::uuid is null or t.id < sqlc.narg('before'))
  order by case when not @backward::boolean then t.id end, case when @backward then t.id end desc limit @number
) t
order by t.organization_id, case when not @backward then t.id end, case when @backward then t.id end desc;

-- CountAccessTokens counts the tokens of each of the given organizations; no row for one that has none.
-- name: CountAccessTokens :many
select t.organization_id, count(*) as number from access_tokens t
where t.organization_id = any (@organization_ids::uuid[]) group by t.organization_id;
