-- unknown_time_zones returns those of some names that are no time zones of regions as PostgreSQL lists them, in the same case. A name that is an
-- abbreviation as well (CET, EST) is one of them: to PostgreSQL it is a fixed offset, without daylight saving. So are names that are no
-- region's. It takes some tens of milliseconds, because PostgreSQL reads all of its files to list their names.
create or replace function unknown_time_zones(p_names text[]) returns setof text
language sql stable
as $$
  select z.name
  from unnest(p_names) z (name)
  where z.name <> 'UTC' and (
    z.name in ('localtime', 'posixrules', 'Factory') or z.name like 'posix/%' or z.name like 'right/%'
    or z.name not in (select n.name from pg_timezone_names n)
    or upper(z.name) in (select a.abbrev from pg_timezone_abbrevs a))
$$;
