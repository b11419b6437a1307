-- reads_day_totals tells whether usage_key_days and usage_owner_days have what a report asks for of days: sums whatever the provider, the model
-- and the service tier. They have it unless the roll-up job has still to make them.
create or replace function reads_day_totals(
  p_organization_id uuid, p_models text[], p_providers text[], p_service_tiers service_tier[], p_dimensions usage_dimension[])
returns boolean
language sql stable
as $$
  select p_models is null and p_providers is null and p_service_tiers is null and not p_dimensions && '{PROVIDER,MODEL,SERVICE_TIER}'
    and coalesce((select w.has_day_totals from rollup_watermarks w where w.organization_id = p_organization_id), false)
$$;
