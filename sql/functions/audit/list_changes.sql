-- list_changes returns what has changed in organizations since they were looked at last: one row for each that exists. Of each it is given
-- what was visible then, as pg_current_snapshot() says it, and the ledger's position; null for both returns no changes, but up to where
-- everything is known. It reads at most p_most rows of each kind, and of the ledger only what was recorded at p_recorded_from or later
-- (null: all), which spares older partitions.
--
-- Changes of the control plane, alerts, deliveries and counts of denied requests are those whose transactions were not visible in the snapshot, in whatever order
-- they have committed. Numbers from this snapshot's xmax on are another cluster's, which a dump brings along: their rows are no changes. Rows of the ledger commit in the order of their positions within an organization. Of these it names the API keys
-- that were charged, their workspaces and limits, and the organization. So nothing is lost, and what is named has changed or is of one
-- transaction with what has. Of an organization with p_most rows or more it names nothing of the ledger: whoever is told that there is more
-- than can be named reads everything again, and the names would cost a look-up for each limit that was charged.
--
-- Settings: its plan is made once for a connection, which takes longer than to run it, and must not depend on how much the tables had then.
create or replace function list_changes(
  p_organization_ids uuid[], p_snapshots text[], p_positions bigint[], p_recorded_from timestamptz, p_most integer)
returns setof organization_changes
language plpgsql stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
as $$
declare
  none constant uuid := '00000000-0000-0000-0000-000000000000';
  nobody constant uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  everybody constant uuid := none;
  recorded_from constant timestamptz := coalesce(p_recorded_from, '-infinity');
  unseen constant bigint := pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
begin
  return query
  with looked as materialized (
    select o.id as organization_id, o.snapshot::pg_snapshot as snapshot,
      pg_snapshot_xmin(o.snapshot::pg_snapshot)::text::bigint as oldest, o.position
    from unnest(p_organization_ids, p_snapshots, p_positions) o (id, snapshot, position)
  ), entries as materialized (
    select o.organization_id, a.target_type, a.target_id, a.before, a.after, coalesce(a.after, a.before) as stated
    from looked o
    cross join lateral (
      select a.target_type, a.target_id, a.before, a.after from audit_log a
      where a.organization_id = o.organization_id and a.transaction_id >= o.oldest
        and a.transaction_id < unseen and not pg_visible_in_snapshot(a.transaction_id::text::xid8, o.snapshot)
      limit p_most) a
  ), usage as materialized (
    select o.organization_id, e.api_key_id, e.workspace_id, e.counter_ids, e.position
    from looked o
    cross join lateral (
      select e.api_key_id, e.workspace_id, e.counter_ids, e.position from usage_events e
      where e.organization_id = o.organization_id and e.position > o.position and e.recorded_at >= recorded_from
      order by e.position limit p_most) e
  ), named as materialized (
    select u.organization_id, u.api_key_id, u.workspace_id, u.counter_ids from usage u
    where u.organization_id not in (select n.organization_id from usage n group by 1 having count(*) >= p_most)
  ), raised as materialized (
    select o.organization_id, a.id, a.api_key_id
    from looked o
    cross join lateral (
      (select a.id, a.api_key_id from alerts a
      where a.organization_id = o.organization_id and a.transaction_id >= o.oldest
        and a.transaction_id < unseen and not pg_visible_in_snapshot(a.transaction_id::text::xid8, o.snapshot)
      limit p_most)
      union
      (select a.id, a.api_key_id from alert_deliveries d
      cross join lateral (
        select a.id, a.api_key_id from alerts a where a.organization_id = d.organization_id and a.id = d.alert_id offset 0) a
      where d.organization_id = o.organization_id and d.transaction_id >= o.oldest
        and d.transaction_id < unseen and not pg_visible_in_snapshot(d.transaction_id::text::xid8, o.snapshot)
      limit p_most)) a
  ), denied as materialized (
    select o.organization_id, d.api_key_id
    from looked o
    cross join lateral (
      select d.api_key_id from denial_counts d
      where d.organization_id = o.organization_id and d.transaction_id >= o.oldest
        and d.transaction_id < unseen and not pg_visible_in_snapshot(d.transaction_id::text::xid8, o.snapshot)
      limit p_most) d
  ), things as ( -- those with an API key are for its creators, among members with the role MEMBER
    select e.organization_id, c.prefix, c.id, c.api_key_id, c.prefix in ('tok', 'aud', 'whk') as hidden
    from entries e
    cross join lateral (
      select substr(e.stated ->> 'apiKeyId', 5)::uuid as api_key_id, substr(e.stated ->> 'workspaceId', 4)::uuid as workspace_id
      where e.target_type in ('bud', 'rat')
      union all select null, null where e.target_type not in ('bud', 'rat')) s
    cross join lateral (values
      (e.target_type, e.target_id, case e.target_type when 'key' then e.target_id else s.api_key_id end),
      ('aud', none, null),
      (case when e.target_type not in ('bud', 'rat') then null when s.api_key_id is not null then 'key'
        when s.workspace_id is not null then 'ws' else 'org' end,
        coalesce(s.api_key_id, s.workspace_id, e.organization_id), s.api_key_id)) c (prefix, id, api_key_id)
    where c.prefix is not null
    union all
    select r.organization_id, 'alt', r.id, r.api_key_id, r.api_key_id is null from raised r
    union all
    select d.organization_id, c.prefix, c.id, d.api_key_id, d.api_key_id is null
    from (select distinct d.organization_id, d.api_key_id from denied d) d
    cross join lateral (values ('den', none), ('key', d.api_key_id)) c (prefix, id)
    where c.id is not null
    union all
    select u.organization_id, c.prefix, c.id, c.api_key_id, false
    from (select distinct u.organization_id, u.api_key_id, u.workspace_id from named u) u
    cross join lateral (values
      ('key', u.api_key_id, u.api_key_id), ('evt', none, u.api_key_id), ('ws', u.workspace_id, null::uuid),
      ('org', u.organization_id, null)) c (prefix, id, api_key_id)
    where c.id is not null
    union all
    select c.organization_id, case c.kind when 'BUDGET' then 'bud' else 'rat' end, c.limit_id,
      case c.subject_type when 'API_KEY' then c.subject_id end, false
    from (select distinct u.organization_id, t.id from named u cross join lateral unnest(u.counter_ids) t (id)) t
    cross join lateral ( -- one look-up for each: a join could read all counters
      select * from counters c where c.id = t.id and c.organization_id = t.organization_id offset 0) c
  ), creators as (
    select t.organization_id, t.api_key_id, k.created_by_id as member_id
    from (select distinct t.organization_id, t.api_key_id from things t where t.api_key_id is not null) t
    cross join lateral (
      select k.created_by_id from api_keys k where k.organization_id = t.organization_id and k.id = t.api_key_id offset 0) k
    union -- whose key it was before, or is now
    select e.organization_id, e.target_id, substr(c.member, 5)::uuid
    from entries e
    cross join lateral (values (e.before ->> 'createdById'), (e.after ->> 'createdById')) c (member)
    where e.target_type = 'key' and c.member is not null
  ), told as (
    select distinct t.organization_id, t.prefix, t.id,
      case when t.hidden then nobody when t.api_key_id is null then everybody else coalesce(c.member_id, nobody) end as member_id
    from things t
    left join creators c on c.organization_id = t.organization_id and c.api_key_id = t.api_key_id
  ), gathered as (
    select t.organization_id, array_agg(t.prefix) as prefixes, array_agg(t.id) as ids, array_agg(t.member_id) as member_ids
    from told t group by t.organization_id
  )
  select o.id, pg_postmaster_start_time(), statement_timestamp(), pg_current_snapshot()::text,
    case when l.position is null or u.number = p_most then coalesce((
        select e.position from usage_events e where e.organization_id = o.id order by e.position desc limit 1), 0)
      else coalesce(u.last, l.position) end,
    o.xmax::text::bigint,
    coalesce(u.number, 0) = p_most
      or (select count(*) from entries e where e.organization_id = o.id) = p_most
      or (select count(*) from raised r where r.organization_id = o.id) >= p_most
      or (select count(*) from denied d where d.organization_id = o.id) = p_most,
    coalesce(g.prefixes, '{}'), coalesce(g.ids, '{}'), coalesce(g.member_ids, '{}')
  from looked l
  join organizations o on o.id = l.organization_id
  left join (select u.organization_id, count(*) as number, max(u.position) as last from usage u group by 1) u
    on u.organization_id = o.id
  left join gathered g on g.organization_id = o.id;
end
$$;
