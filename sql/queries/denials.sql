-- CountDenials adds denied requests to the counts of their hours and returns how many rows it wrote; see count_denials.
-- name: CountDenials :one
select count_denials(@organization_ids::uuid[], @api_key_ids::uuid[], @limit_ids::uuid[], (@limit_kinds::text[])::limit_kind[],
  (@reasons::text[])::denial_reason[], @hours::timestamptz[], @denials::bigint[], @requests::bigint[], @shadow::boolean[])::bigint as written;

-- ListDenialCounts returns an organization's counts between two keyset cursors (null: no bound), newest hour first, or oldest first if
-- backward: of a workspace, of an API key, of the keys that a member created, of a limit, for a reason, of limits in SHADOW or not, of hours from a time, before a
-- time; each filter may be null. Ids begin with the hour: from_id is the smallest id of that time, and to_id the first after it.
-- name: ListDenialCounts :many
select * from denial_counts d
where d.organization_id = @organization_id
  and (sqlc.narg('workspace_id')::uuid is null or d.workspace_id = sqlc.narg('workspace_id'))
  and (sqlc.narg('api_key_id')::uuid is null or d.api_key_id = sqlc.narg('api_key_id'))
  and (sqlc.narg('created_by_id')::uuid is null or d.api_key_id in (
    select k.id from api_keys k where k.organization_id = @organization_id and k.created_by_id = sqlc.narg('created_by_id')))
  and (sqlc.narg('limit_id')::uuid is null or d.limit_id = sqlc.narg('limit_id'))
  and (sqlc.narg('reason')::denial_reason is null or d.reason = sqlc.narg('reason'))
  and d.shadow = @shadow::boolean
  and (sqlc.narg('from_time')::timestamptz is null or d.hour >= sqlc.narg('from_time'))
  and (sqlc.narg('from_id')::uuid is null or d.id >= sqlc.narg('from_id'))
  and (sqlc.narg('to_id')::uuid is null or d.id < sqlc.narg('to_id'))
  and (sqlc.narg('after')::uuid is null or d.id < sqlc.narg('after'))
  and (sqlc.narg('before')::uuid is null or d.id > sqlc.narg('before'))
order by case when @backward::boolean then d.id end, case when not @backward then d.id end desc limit @number;

-- SumDenialCounts returns how many rows ListDenialCounts would list in all, and their sums.
-- name: SumDenialCounts :one
select count(*) as number, coalesce(sum(d.denials), 0)::bigint as denials, coalesce(sum(d.requests), 0)::bigint as requests
from denial_counts d
where d.organization_id = @organization_id
  and (sqlc.narg('workspace_id')::uuid is null or d.workspace_id = sqlc.narg('workspace_id'))
  and (sqlc.narg('api_key_id')::uuid is null or d.api_key_id = sqlc.narg('api_key_id'))
  and (sqlc.narg('created_by_id')::uuid is null or d.api_key_id in (
    select k.id from api_keys k where k.organization_id = @organization_id and k.created_by_id = sqlc.narg('created_by_id')))
  and (sqlc.narg('limit_id')::uuid is null or d.limit_id = sqlc.narg('limit_id'))
  and (sqlc.narg('reason')::denial_reason is null or d.reason = sqlc.narg('reason'))
  and d.shadow = @shadow::boolean
  and (sqlc.narg('from_time')::timestamptz is null or d.hour >= sqlc.narg('from_time'))
  and (sqlc.narg('from_id')::uuid is null or d.id >= sqlc.narg('from_id'))
  and (sqlc.narg('to_id')::uuid is null or d.id < sqlc.narg('to_id'));

-- ListDenialHours returns what limits denied or, in SHADOW, would have denied, by hour and limit, oldest hour first: of the limits of the given ids that exist, within an
-- organization (null: in any); of the keys that a member created (null: all). Ids begin with the hour: from_id is the smallest id of the
-- first one, and to_id the first one after the last.
-- name: ListDenialHours :many
select d.hour, d.limit_id, d.limit_kind, d.shadow, sum(d.denials)::bigint as denials
from limits l
join denial_counts d on d.organization_id = l.organization_id and d.limit_id = l.id and d.id >= @from_id::uuid and d.id < @to_id::uuid
where l.id = any (@limit_ids::uuid[]) and (sqlc.narg('organization_id')::uuid is null or l.organization_id = sqlc.narg('organization_id'))
  and (sqlc.narg('created_by_id')::uuid is null or d.api_key_id in (
    select k.id from api_keys k where k.organization_id = l.organization_id and k.created_by_id = sqlc.narg('created_by_id')))
group by d.hour, d.limit_id, d.limit_kind, d.shadow
order by d.hour, d.limit_id, d.shadow;

-- DeleteDenialCounts deletes counts of months that ended the given number of months ago, at most a number of them, and the days of these
-- months, of organizations that are HERE.
-- name: DeleteDenialCounts :execrows
with days as (
  delete from denial_days d
  where d.day < (date_trunc('month', clock_timestamp() at time zone 'UTC') - make_interval(months => @keep_months::integer)) at time zone 'UTC'
    and d.organization_id <> all ((select moved_organizations())::uuid[])
)
delete from denial_counts d
using (
  select c.organization_id, c.id from denial_counts c
  where c.hour < (date_trunc('month', clock_timestamp() at time zone 'UTC') - make_interval(months => @keep_months::integer)) at time zone 'UTC'
    and c.organization_id <> all ((select moved_organizations())::uuid[])
  limit @number
) o
where d.organization_id = o.organization_id and d.id = o.id;
