-- require_time_zones raises limits_time_zone_name_check unless each of the options of limits names a time zone of a region as PostgreSQL
-- lists it, in the same case, or none. A name that is an abbreviation as well (CET, EST) is refused: to PostgreSQL it is a fixed offset, without
-- daylight saving. So are names that are no region's. Called before the organization is locked, because PostgreSQL reads all of its files to
-- list their names.
create or replace function require_time_zones(p_options jsonb) returns void
language plpgsql stable
as $$
declare
  zones constant text[] := array(
    select distinct o.value ->> 'time_zone' from jsonb_array_elements(p_options) o
    where jsonb_typeof(o.value) = 'object' and o.value ->> 'time_zone' <> 'UTC');
begin
  if zones <> '{}' and exists (
    select from unnest(zones) z (name)
    where z.name in ('localtime', 'posixrules', 'Factory') or z.name like 'posix/%' or z.name like 'right/%'
      or z.name not in (select n.name from pg_timezone_names n)
      or upper(z.name) in (select a.abbrev from pg_timezone_abbrevs a)) then
    raise exception 'no time zone of a region' using errcode = 'check_violation', table = 'limits', constraint = 'limits_time_zone_name_check';
  end if;
end
$$;
