/** `us-central1` of Google's zones `us-central1-a` and `us-central1-ai1a`; a region stays one. */
export const regionOfZone = (place: string): string => place.replace(/-(?:ai\d+)?[a-z]$/, '')
