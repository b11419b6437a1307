import styles from "./series.module.css";

const classes = [styles.series1, styles.series2, styles.series3, styles.series4, styles.series5, styles.series6, styles.series7, styles.series8];

/** How many series have a colour of their own; what is beyond that is shown together. */
export const mostSeries = classes.length;

/** The class that sets `color` to that of the series at this place, or of all others together. */
export const seriesColour = (index: number, others: boolean): string => (others ? styles.others : classes[index]) ?? "";
