/** Refreshing again and again, at the times of a crontab line. */
export { checkSchedule } from '#refresh/schedule'
export { refreshOnSchedule, type ScheduledOptions } from '#refresh/scheduled'
