export interface FleetManifestSettings {
  readonly name: string;
  readonly image: string;
  readonly workers: number;
  readonly version: string;
  /** Secret with the address of the queue; absent: each pod runs a part of the suite. */
  readonly queueSecret?: string;
}

/** A worker needs this much to itself: a target and what drives it. */
const resources = { requests: { cpu: '2', memory: '2Gi' }, limits: { memory: '4Gi' } } as const;
const seconds = { night: 12 * 3_600, kept: 7 * 24 * 3_600, ending: 90 } as const;

/** A Job of `batch/v1` with an index a pod, for `kubectl apply -f`: JSON is YAML. */
export function fleetManifest({ name, image, workers, version, queueSecret }: FleetManifestSettings) {
  const labels = { 'app.kubernetes.io/name': 'plateau', 'app.kubernetes.io/instance': name };
  const index = {
    name: 'INDEX',
    valueFrom: { fieldRef: { fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']" } },
  };
  const pod = { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } };
  const queue = { name: 'PLATEAU_QUEUE', valueFrom: { secretKeyRef: { name: queueSecret, key: 'url' } } };
  const command =
    queueSecret === undefined
      ? `exec npx plateau nightly --shard "$((INDEX + 1))/${workers}" --out /plateau/out --reporter junit=/plateau/out/night.xml`
      : 'exec npx plateau worker --name "$POD" --out /plateau/out';
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels: { ...labels, 'app.kubernetes.io/version': version } },
    spec: {
      completionMode: 'Indexed',
      completions: workers,
      parallelism: workers,
      backoffLimit: workers,
      activeDeadlineSeconds: seconds.night,
      ttlSecondsAfterFinished: seconds.kept,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: seconds.ending,
          automountServiceAccountToken: false,
          containers: [
            {
              name: 'plateau',
              image,
              command: ['sh', '-c', command],
              env: queueSecret === undefined ? [index] : [pod, queue],
              resources,
              volumeMounts: [{ name: 'out', mountPath: '/plateau/out' }],
            },
          ],
          volumes: [{ name: 'out', emptyDir: {} }],
        },
      },
    },
  };
}
