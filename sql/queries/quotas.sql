-- SetQuotas sets quotas of an organization, and takes those back to their defaults whose name is in defaults. Raises
-- organization_quotas_organization_id_fkey for an organization that does not exist.
-- name: SetQuotas :exec
with reset as (
  delete from organization_quotas q
  where q.organization_id = @organization_id and q.name in (select d.name::quota_name from unnest(@defaults::text[]) d (name))
)
insert into organization_quotas as q (organization_id, name, maximum)
select @organization_id, (@names::text[])[n.i]::quota_name, (@maxima::integer[])[n.i] from generate_subscripts(@names::text[], 1) n (i)
on conflict (organization_id, name) do update set maximum = excluded.maximum where q.maximum <> excluded.maximum;

-- ListQuotas returns the quotas of the given organizations, and how much of each is used.
-- name: ListQuotas :many
select * from quotas_of(@organization_ids::uuid[]);
