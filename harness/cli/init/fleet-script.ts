/** Tries a fleet on one machine: a Redis of its own on loopback, two workers, one night; all of it ends with the script. */
export const fleetScript = `#!/bin/sh
# A night on two workers of this machine. Needs redis-server (Debian: apt install redis-server), bullmq and ioredis.
set -eu
port=\${PLATEAU_FLEET_PORT:-6399}
export PLATEAU_QUEUE="redis://127.0.0.1:$port"
plateau=\${PLATEAU:-npx plateau}
mkdir -p .plateau/fleet
redis-server --port "$port" --bind 127.0.0.1 --dir .plateau/fleet --appendonly yes > .plateau/fleet/redis.log 2>&1 &
started=$!
trap 'kill $started 2> /dev/null || true; wait' EXIT INT TERM
until redis-cli -p "$port" ping > /dev/null 2>&1; do
  kill -0 "$!" || { cat .plateau/fleet/redis.log; exit 4; }
  sleep 0.1
done
for name in one two; do
  $plateau worker --name "$name" > ".plateau/fleet/$name.log" 2>&1 &
  started="$! $started"
done
$plateau nightly --queue "$PLATEAU_QUEUE" "$@"
`;
