/** Refreshing again and again, at the times of a crontab line. */
export { refreshOnSchedule, type ScheduledOptions } from '#refresh/scheduled'
