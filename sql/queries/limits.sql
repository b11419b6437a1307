-- LockOrganizations locks organizations in id order until the transaction ends.
-- name: LockOrganizations :exec
select lock_organizations(@ids::uuid[]);

-- CreateLimit creates a limit on the narrowest subject that is not null. What is null of its calendar gets its default: see calendar_with.
-- name: CreateLimit :one
select * from create_limit(@organization_id, sqlc.narg('workspace_id'), sqlc.narg('api_key_id'), @kind, @type, @period,
  @max_units, @alert_units::bigint[],
  jsonb_strip_nulls(jsonb_build_object('alert_percents', to_jsonb(sqlc.narg('alert_percents')::smallint[]),
    'alert_recipients', sqlc.narg('alert_recipients')::jsonb, 'enabled', @enabled::boolean, 'mode', @mode::limit_mode, 'time_zone', sqlc.narg('time_zone')::text,
    'week_starts_on', sqlc.narg('week_starts_on')::smallint, 'day_of_month', sqlc.narg('day_of_month')::smallint,
    'reset_days', sqlc.narg('reset_days')::smallint, 'reset_anchor', sqlc.narg('reset_anchor')::text)), null);

-- UpdateBudgetLimit changes what is not null of a budget. No row when there is no such budget.
-- name: UpdateBudgetLimit :one
select * from update_budget_limit(@organization_id, @id, sqlc.narg('type')::limit_type, sqlc.narg('period')::limit_period,
  sqlc.narg('max_units')::bigint, sqlc.narg('alert_units')::bigint[],
  jsonb_strip_nulls(jsonb_build_object('alert_percents', to_jsonb(sqlc.narg('alert_percents')::smallint[]),
    'alert_recipients', sqlc.narg('alert_recipients')::jsonb, 'enabled', sqlc.narg('enabled')::boolean, 'mode', sqlc.narg('mode')::limit_mode, 'time_zone', sqlc.narg('time_zone')::text,
    'week_starts_on', sqlc.narg('week_starts_on')::smallint, 'day_of_month', sqlc.narg('day_of_month')::smallint,
    'reset_days', sqlc.narg('reset_days')::smallint, 'reset_anchor', sqlc.narg('reset_anchor')::text)), null);

-- ResetBudgetLimit starts a new generation of a budget at zero. No row when there is no such budget.
-- name: ResetBudgetLimit :one
select * from reset_budget(@organization_id, @id);

-- UpdateRateLimit changes what is not null of a rate limit. No row when there is no such rate limit.
-- name: UpdateRateLimit :one
select * from update_rate_limit(@organization_id, @id, sqlc.narg('max_units')::bigint, sqlc.narg('enabled')::boolean, sqlc.narg('mode')::limit_mode);

-- SetLimits deletes limits of the narrowest subject that is not null, changes others and creates others, in this order.
-- name: SetLimits :exec
select set_limits(@organization_id, sqlc.narg('workspace_id'), sqlc.narg('api_key_id'), @deleted::uuid[], @changed::jsonb, @created::jsonb);

-- DeleteLimit deletes a limit of a kind and returns whether there was one.
-- name: DeleteLimit :one
select delete_limit(@organization_id, @id, @kind)::boolean as deleted;

-- FindLimits returns those limits of the given ids that exist, as they stand now, within an organization (null: in any).
-- name: FindLimits :many
select * from limits_at(statement_timestamp()) s
where s.id = any (@ids::uuid[])
  and (sqlc.narg('organization_id')::uuid is null or s.organization_id = sqlc.narg('organization_id'));

-- ListLimits returns the limits of the given subjects as they stand now, oldest first; the arrays hold the
-- subjects and their organizations.
-- name: ListLimits :many
select * from limits_at(statement_timestamp()) s
where s.organization_id = any (@organization_ids::uuid[]) and s.subject_id = any (@subject_ids::uuid[])
order by s.id;

-- ListBurnDowns returns what was used of each of the given budgets in its current period, at the end of each bucket up to now. The arrays
-- hold the budgets and their organizations. Raises UB003 if there are more than most points.
-- name: ListBurnDowns :many
select * from burn_downs(@organization_ids::uuid[], @budget_limit_ids::uuid[], @bucket_interval, statement_timestamp(), @most::integer);

-- ListProjectedExhaustions returns when those of the given budgets will be used up that will be before their period ends. The arrays hold
-- the budgets and their organizations.
-- name: ListProjectedExhaustions :many
select * from projected_exhaustions(@organization_ids::uuid[], @budget_limit_ids::uuid[], statement_timestamp());

-- ListBudgetPeriods returns the current period of each of the given budgets and those that ended, between two keyset cursors (null: no
-- bound), newest first, or oldest first if backward; the arrays hold the budgets and their organizations, the number is of each budget's. A policy's budget has
-- none: its groups have.
-- name: ListBudgetPeriods :many
select p.* from limits l
cross join lateral (
  select * from budget_periods_of(l.organization_id, l.id, statement_timestamp()) p
  where (sqlc.narg('after')::integer is null or p.period_number < sqlc.narg('after'))
    and (sqlc.narg('before')::integer is null or p.period_number > sqlc.narg('before'))
  order by p.period_number * case when @backward::boolean then 1 else -1 end limit @number
) p
where l.policy_id is null and l.organization_id = any (@organization_ids::uuid[]) and l.id = any (@budget_limit_ids::uuid[])
order by p.budget_limit_id, p.period_number * case when @backward then 1 else -1 end;

-- ListUnknownTimeZones returns those of some names that are no time zones of regions.
-- name: ListUnknownTimeZones :many
select u::text as name from unknown_time_zones(@names::text[]) u;
