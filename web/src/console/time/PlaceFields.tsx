import { useMemo } from "react";
import { Field } from "../ui/Field";
import { Select } from "../ui/Inputs";
import { ownTimeZone, timeZones, weekdays, type Place } from "./place";

/** A day of the week as people write it. */
export const weekdayText = (day: string): string => day.charAt(0) + day.slice(1).toLowerCase();

/** Where days begin, and on which day weeks do. The browser's own time zone is offered first. */
export function PlaceFields({ place, onChange }: { place: Place; onChange: (place: Place) => void }) {
  const options = useMemo(() => {
    const own = ownTimeZone();
    const all = [...new Set([...timeZones(), place.timeZone])];
    return all.map((value) => ({ value, label: value === own && own !== "UTC" ? `${own} (yours)` : value }));
  }, [place.timeZone]);
  return (
    <>
      <Field label="Time zone">
        <Select value={place.timeZone} options={options} onChange={(timeZone) => onChange({ ...place, timeZone })} />
      </Field>
      <Field label="Weeks begin on">
        <Select
          value={place.weekStartsOn}
          options={weekdays.map((value) => ({ value, label: weekdayText(value) }))}
          onChange={(weekStartsOn) => onChange({ ...place, weekStartsOn })}
        />
      </Field>
    </>
  );
}
