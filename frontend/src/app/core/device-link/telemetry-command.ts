/** A shell line that sends one reading as the device with this access token. `origin` is the page's own, e.g. `https://host:8080`. */
export function telemetryCommand(
  origin: string,
  accessToken: string,
  values: Readonly<Record<string, number>>,
): string {
  const url = `${origin}/api/v1/${accessToken}/telemetry`;
  return `curl -i -X POST '${url}' -H 'Content-Type: application/json' -d '${JSON.stringify(values)}'`;
}
