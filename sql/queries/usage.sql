-- CheckUsage answers whether requests would be admitted now; it changes nothing.
-- name: CheckUsage :many
select * from check_usage(@access_token_ids::uuid[], @organization_ids::uuid[], @secret_hashes::bytea[], @api_key_ids::uuid[],
  @scope_indexes::integer[], @requests::bigint[], @tokens::bigint[], @cost_nanos::bigint[], sqlc.narg('labels')::text[][], sqlc.narg('sizes')::bigint[][],
  @skip_limits::boolean[], sqlc.narg('now')::timestamptz);

-- ReserveUsage decides on requests and makes a reservation for each that is admitted.
-- name: ReserveUsage :many
select * from reserve_usage(@access_token_ids::uuid[], @organization_ids::uuid[], @secret_hashes::bytea[],
  @api_key_ids::uuid[], @scope_indexes::integer[], @request_ids::text[], @fingerprints::bytea[], @requests::bigint[],
  @tokens::bigint[], @cost_nanos::bigint[], @ttl_seconds::integer[], sqlc.narg('labels')::text[][], sqlc.narg('sizes')::bigint[][],
  @skip_limits::boolean[], (sqlc.narg('ids_only')::text)::boolean[], sqlc.narg('now')::timestamptz);

-- RecordUsage records usage in the ledger and settles reservations.
-- name: RecordUsage :many
select * from record_usage(@access_token_ids::uuid[], @organization_ids::uuid[], @secret_hashes::bytea[],
  @api_key_ids::uuid[], @scope_indexes::integer[], @reservation_ids::uuid[], @request_ids::text[], @fingerprints::bytea[],
  @quantities::bigint[][], @cost_nanos::bigint[], @labels::text[][], @occurred_at::timestamptz[],
  @skip_limits::boolean[], (sqlc.narg('ids_only')::text)::boolean[], sqlc.narg('now')::timestamptz);

-- ReleaseReservations ends reservations and gives back what they hold.
-- name: ReleaseReservations :many
select * from release_reservations(@organization_ids::uuid[], @reservation_ids::uuid[], sqlc.narg('now')::timestamptz);

-- ExtendReservations sets later expiries of reservations.
-- name: ExtendReservations :many
select * from extend_reservations(@organization_ids::uuid[], @reservation_ids::uuid[], @ttl_seconds::integer[],
  sqlc.narg('now')::timestamptz);

-- ListUsage returns the usage of an organization, or of a workspace, of some API keys or of those that a member created (null: of all), in an
-- order and of no more than the largest series (null: see usage_report). Raises UB003 if the report has more buckets than most. It
-- works no more than a share of the time (null: no delays).
-- name: ListUsage :many
select * from usage_report(@organization_id, sqlc.narg('workspace_id'),
  keys_created_by(@organization_id, sqlc.narg('created_by_id')::uuid, sqlc.narg('api_key_ids')::uuid[]),
  @from_time, @to_time, sqlc.narg('models')::text[], sqlc.narg('providers')::text[],
  (sqlc.narg('service_tiers')::text[])::service_tier[], @bucket_interval,
  (@dimensions::text[])::usage_dimension[], sqlc.narg('top')::integer, sqlc.narg('order_by')::usage_order, sqlc.narg('most')::integer,
  sqlc.narg('share')::real);

-- ListLocalUsage is ListUsage in days, weeks and months of a time zone. Raises usage_time_zone_check where these do not begin at whole hours.
-- name: ListLocalUsage :many
select * from local_usage_report(@organization_id, sqlc.narg('workspace_id'),
  keys_created_by(@organization_id, sqlc.narg('created_by_id')::uuid, sqlc.narg('api_key_ids')::uuid[]),
  @from_time, @to_time, sqlc.narg('models')::text[], sqlc.narg('providers')::text[],
  (sqlc.narg('service_tiers')::text[])::service_tier[], @bucket_interval,
  (@dimensions::text[])::usage_dimension[], sqlc.narg('top')::integer, sqlc.narg('order_by')::usage_order, sqlc.narg('most')::integer,
  sqlc.narg('share')::real, @time_zone, @week_starts_on);

-- SumUsage returns the sums of what ListUsage would list in a time, a row for each series, by the hour (see usage_sums). Raises UB003 if there are more
-- series than most. It works no more than a share of the time (null: no delays).
-- name: SumUsage :many
select * from usage_sums(@organization_id, sqlc.narg('workspace_id'),
  keys_created_by(@organization_id, sqlc.narg('created_by_id')::uuid, sqlc.narg('api_key_ids')::uuid[]),
  @from_time, @to_time, sqlc.narg('models')::text[], sqlc.narg('providers')::text[],
  (sqlc.narg('service_tiers')::text[])::service_tier[], (@dimensions::text[])::usage_dimension[], sqlc.narg('most')::integer,
  sqlc.narg('share')::real);

-- RollUpUsage adds an organization's new ledger rows to its hours and days and returns how many.
-- name: RollUpUsage :one
select roll_up_usage(@organization_id, @number)::bigint as added;

-- ListOrganizationsToRollUp returns the organizations that are HERE, with ledger rows that are not rolled up, or without totals of days.
-- name: ListOrganizationsToRollUp :many
select o.id from organizations o
where o.residence = 'HERE' and (exists (
  select from usage_events e
  where e.organization_id = o.id and e.position > coalesce(
    (select least(w.position, w.budget_position) from rollup_watermarks w where w.organization_id = o.id), 0))
  or exists (select from rollup_watermarks w where w.organization_id = o.id and not w.has_day_totals))
order by o.id;

-- HasUsageToRollUp tells whether ListOrganizationsToRollUp has any organization.
-- name: HasUsageToRollUp :one
select exists (
  select from organizations o
  where o.residence = 'HERE' and (exists (
    select from usage_events e
    where e.organization_id = o.id and e.position > coalesce(
      (select least(w.position, w.budget_position) from rollup_watermarks w where w.organization_id = o.id), 0))
    or exists (select from rollup_watermarks w where w.organization_id = o.id and not w.has_day_totals)));

-- CreateUsagePartitions makes the ledger's partitions for this month and some ahead and returns how many it made.
-- name: CreateUsagePartitions :one
select create_usage_partitions(@months_ahead)::integer as made;

-- RefreshUsagePartitions has every session read the list of the ledger's partitions again. False if something kept the table locked.
-- name: RefreshUsagePartitions :one
select refresh_usage_partitions() as refreshed;

-- FindLedgerDifferences returns each stored counter and roll-up of an organization that differs from its ledger.
-- name: FindLedgerDifferences :many
select * from find_ledger_differences(@organization_id)
union all
select * from find_group_differences(@organization_id)
union all
select * from find_rollup_differences(@organization_id)
union all
select * from find_day_total_differences(@organization_id)
union all
select * from find_budget_differences(@organization_id)
union all
select * from find_event_differences(@organization_id)
union all
select * from find_price_differences(@organization_id)
union all
select * from find_repricing_differences(@organization_id);

-- KeepLedger keeps the ledger's partitions from being dropped until the transaction ends. A statement that began before a drop and
-- was planned after it would see neither the partition nor the totals in dropped_charges and dropped_usage_months.
-- name: KeepLedger :exec
lock table usage_events in access share mode;

-- RebuildRollups computes an organization's roll-ups anew from its ledger and returns how many hours of keys there are.
-- name: RebuildRollups :one
select rebuild_rollups(@organization_id)::bigint as hours;

-- DropUsagePartition drops the ledger's oldest partition if its month ended the given number of months ago, and returns its
-- name; empty when there is none to drop.
-- name: DropUsagePartition :one
select coalesce(drop_usage_partition(@keep_months, sqlc.narg('now')::timestamptz), '')::text as name;

-- FindRollupLag returns the age of the oldest ledger row that is not rolled up, in seconds (0: there is none), and how many
-- there are, counted to the given number.
-- name: FindRollupLag :one
select
  coalesce(extract(epoch from clock_timestamp() - min(t.recorded_at)), 0)::double precision as seconds,
  (select count(*) from (
    select from organizations o
    left join rollup_watermarks w on w.organization_id = o.id
    join usage_events e on e.organization_id = o.id and e.position > coalesce(w.position, 0)
    limit @most) counted)::bigint as events
from organizations o
cross join lateral (
  select e.recorded_at from usage_events e
  where e.organization_id = o.id and e.position > coalesce(
    (select w.position from rollup_watermarks w where w.organization_id = o.id), 0)
  order by e.position limit 1
) t;

-- CountLedger counts the rows of an organization that find_ledger_differences reads.
-- name: CountLedger :one
select
  (select count(*) from usage_events e where e.organization_id = @organization_id) as usage_events,
  (select count(*) from reservations r where r.organization_id = @organization_id) as reservations,
  (select count(*) from limits l where l.organization_id = @organization_id) as limits,
  (select count(*) from budget_periods p where p.organization_id = @organization_id) as budget_periods;

-- DeleteUsageEventRequests deletes the ledger's request ids that are older than their retention, of organizations that are HERE, at most a
-- number of them.
-- name: DeleteUsageEventRequests :execrows
delete from usage_event_requests s
using (
  select r.organization_id, r.request_id from usage_event_requests r
  where r.recorded_at < clock_timestamp() - @keep::interval and r.organization_id <> all ((select moved_organizations())::uuid[])
  limit @number
) o
where s.organization_id = o.organization_id and s.request_id = o.request_id;

-- DeleteClosedReservations deletes reservations that were closed longer ago than their retention, at most a number of them, and
-- returns how many. Their usage is in the ledger.
-- name: DeleteClosedReservations :one
select delete_closed_reservations(@keep::interval, @number)::bigint as deleted;

-- DeleteEndedBudgetHours deletes what was charged by the hour to periods of budgets that are over, and to deleted budgets.
-- name: DeleteEndedBudgetHours :execrows
delete from budget_hours b
where b.organization_id <> all ((select moved_organizations())::uuid[]) and not exists (
  select from counters c
  where c.organization_id = b.organization_id and c.id = b.counter_id and c.period_number = b.period_number);

-- DeleteDroppedCharges deletes dropped charges of windows and periods that no counter has any more.
-- name: DeleteDroppedCharges :execrows
delete from dropped_charges d
where d.organization_id <> all ((select moved_organizations())::uuid[]) and not has_period(d.organization_id, d.counter_id, d.period_number);

-- ListOrganizationsToSweep returns the organizations that are HERE, with held reservations that are past their expiry, or whose API keys' holds have
-- ended. A reservation expires within a day after its key: only a key that may be used extends it.
-- name: ListOrganizationsToSweep :many
select r.organization_id from reservations r
where r.status = 'HELD' and r.expires_at <= coalesce(sqlc.narg('now')::timestamptz, clock_timestamp())
  and r.organization_id <> all ((select moved_organizations())::uuid[])
union
select e.organization_id from hold_ends e
where e.ended_at <= coalesce(sqlc.narg('now')::timestamptz, clock_timestamp()) and e.organization_id <> all ((select moved_organizations())::uuid[])
union
select o.id from organizations o
cross join lateral (
  select from api_keys k
  where k.organization_id = o.id and k.expires_at <= coalesce(sqlc.narg('now')::timestamptz, clock_timestamp())
    and k.expires_at > coalesce(sqlc.narg('now')::timestamptz, clock_timestamp()) - interval '25 hours'
    and exists (
      select from reservations r
      where r.api_key_id = k.id and r.status = 'HELD')
  limit 1) k
where o.residence = 'HERE';

-- HasReservationsToSweep tells whether ListOrganizationsToSweep has any organization.
-- name: HasReservationsToSweep :one
select (exists (
    select from reservations r
    where r.status = 'HELD' and r.expires_at <= clock_timestamp() and r.organization_id <> all ((select moved_organizations())::uuid[]))
  or exists (select from hold_ends e where e.ended_at <= clock_timestamp() and e.organization_id <> all ((select moved_organizations())::uuid[]))
  or exists (
    select from organizations o
    cross join lateral (
      select from api_keys k
      where k.organization_id = o.id and k.expires_at <= clock_timestamp() and k.expires_at > clock_timestamp() - interval '25 hours'
        and exists (
          select from reservations r
          where r.api_key_id = k.id and r.status = 'HELD')
      limit 1) k
    where o.residence = 'HERE'))::boolean as due;

-- SweepReservations expires an organization's reservations that are past their expiry, gives back what API keys hold whose holds have
-- ended, and returns how many reservations it expired.
-- name: SweepReservations :one
select sweep_reservations(@organization_id, @number, sqlc.narg('now')::timestamptz)::integer as swept;

-- ListOrganizationsToClose returns the organizations that are HERE, with budget periods that are over and not closed.
-- name: ListOrganizationsToClose :many
select o.id as organization_id from organizations o
cross join lateral (
  select from counters c
  where c.organization_id = o.id and c.closes_at <= coalesce(sqlc.narg('now')::timestamptz, clock_timestamp())
  limit 1) c
where o.residence = 'HERE'
union
select p.organization_id from budget_periods p where p.closed_at is null and p.organization_id <> all ((select moved_organizations())::uuid[]);

-- ClosePeriods closes the ended periods of a number of an organization's budgets and returns how many periods it closed.
-- name: ClosePeriods :one
select close_periods(@organization_id, @number, sqlc.narg('now')::timestamptz)::integer as closed;

-- LeaseUsage grants leases, which gateways hand out by themselves.
-- name: LeaseUsage :many
select * from lease_usage(@access_token_ids::uuid[], @organization_ids::uuid[], @secret_hashes::bytea[], @api_key_ids::uuid[],
  @request_ids::text[], @fingerprints::bytea[], @requests::bigint[], @tokens::bigint[], @cost_nanos::bigint[], @ttl_seconds::integer[],
  @metadata::text[], @skip_limits::boolean[], sqlc.narg('now')::timestamptz);

-- ReturnLeases gives back what leases hold, but for what is kept.
-- name: ReturnLeases :many
select * from return_leases(@organization_ids::uuid[], @lease_ids::uuid[], @keep_requests::bigint[], @keep_tokens::bigint[],
  @keep_cost_nanos::bigint[], @ttl_seconds::integer[], sqlc.narg('now')::timestamptz);
